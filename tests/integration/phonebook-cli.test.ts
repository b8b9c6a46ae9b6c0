import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectClient } from '@aws-sdk/client-connect';
import type { ConnectSender } from '#core/connect/connect.ts';
import { Killed } from '#support/chaos.ts';
import { runCommand } from '#support/cli.ts';
import { addFlow } from '#support/connect-emulator.ts';
import { dump, fakeClock } from '#support/directory.ts';
import { newFolder } from '#support/folder.ts';
import { freshTables } from '#support/tables.ts';
import { createCliConnect } from '#tools/cli/phonebook/connect.ts';
import { type AwsEmulator, startAwsEmulator } from '#tools/local/emulators/index.ts';
import { LOCAL } from '#tools/local/template/index.ts';

const FREE = '+16135550150';
const TAKEN_MEANWHILE = '+16135550174';
const FLOW = 'switchboard extension-transfer';

let emulator: AwsEmulator;
let flowId: string;
let text: string;

beforeEach(async () => {
  emulator = await startAwsEmulator({
    port: 0,
    quota: { perSecond: 1e6, burst: 1e6 },
    onEvent: () => undefined,
  });
  flowId = addFlow(emulator.state, FLOW);
  text = '';
});
afterEach(() => emulator.stop());

interface Situation {
  /** What the person answers. */
  answer?: boolean;
  /** Killed at this request, counted from one, before or after it arrived. */
  killAt?: number;
  arrives?: boolean;
}

async function run(argv: string[], { answer = false, killAt, arrives }: Situation = {}): Promise<number> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const endpoint = emulator.url;
  const client = new ConnectClient({ region: LOCAL.region, endpoint, credentials, maxAttempts: 1 });
  let requests = 0;
  const send = async (command: Parameters<ConnectClient['send']>[0]) => {
    requests += 1;
    if (killAt === undefined || requests < killAt) return client.send(command);
    if (requests === killAt && arrives) await client.send(command);
    throw new Killed('The process was ended.');
  };
  const endpoints = ['--dynamodb-endpoint', 'http://127.0.0.1:1', '--connect-endpoint', emulator.url];
  const result = await runCommand(['phonebook', ...argv, ...endpoints], {
    confirm: async (question) => {
      text += `${question}\n`;
      return answer;
    },
    createConnect: (arn) => createCliConnect(arn, { client: { send } as ConnectSender, clock: fakeClock() }),
  });
  text += result.text;
  return result.code;
}

const numberIn = (phoneNumber: string) =>
  emulator.state.numbers.all().find(({ PhoneNumber }) => PhoneNumber === phoneNumber);

async function fault(description: object): Promise<void> {
  await fetch(`${emulator.url}/_faults`, { method: 'POST', body: JSON.stringify(description) });
}

describe('search', () => {
  test('shows what could be claimed, across pages, and no more than was asked for', async () => {
    expect(await run(['search', '613', '--country', 'CA', '--limit', '13'])).toBe(0);

    expect(text.trimEnd().split('\n')).toHaveLength(13);
    expect(text).toContain(`${FREE}\n`);
  });

  test('says that an area code has none', async () => {
    expect(await run(['search', '867', '--country', 'CA'])).toBe(1);

    expect(text).toContain('offers no number of CA that begins with +1867');
  });

  test('goes on when Connect throttles, and says when a right is missing', async () => {
    await fault({ operation: 'SearchAvailablePhoneNumbers', fault: '429', times: 3 });
    expect(await run(['search', '613', '--country', 'CA'])).toBe(0);
    await fault({ operation: 'SearchAvailablePhoneNumbers', fault: 'access-denied' });

    expect(await run(['search', '613', '--country', 'CA'])).toBe(1);
    expect(text).toContain('Missing rights: Connect refused connect:SearchAvailablePhoneNumbers');
  });
});

describe('claim', () => {
  test('asks before it spends, says what it costs, and claims nothing on a no', async () => {
    expect(await run(['claim', FREE], { answer: false })).toBe(1);

    expect(text).toMatch(/cost money[\s\S]*quota[\s\S]*200 %[\s\S]*Nothing was claimed/);
    expect(emulator.state.claims.all()).toEqual([]);
  });

  test('claims, waits until it is done, and points the number at the flow for direct numbers', async () => {
    expect(await run(['claim', FREE], { answer: true })).toBe(0);

    expect(text).toContain(`${FREE} is claimed.`);
    expect(numberIn(FREE)).toMatchObject({ ContactFlowId: flowId });
    expect(numberIn(FREE)?.Claim).toBeUndefined();
  });

  test('killed at any request and run again, it ends with one claim', async () => {
    for (let killAt = 1; ; killAt += 1) {
      for (const arrives of [false, true]) {
        const phoneNumber = `+1613555${String(150 + (2 * killAt + Number(arrives))).padStart(4, '0')}`;
        const before = emulator.state.claims.all().length;
        const code = await run(['claim', phoneNumber, '--yes'], { killAt, arrives });
        expect(await run(['claim', phoneNumber, '--yes'])).toBe(0);
        expect(emulator.state.claims.all()).toHaveLength(before + 1);
        expect(numberIn(phoneNumber)).toMatchObject({ ContactFlowId: flowId });
        if (code === 0) return;
      }
    }
  });

  test('a number of the instance is pointed at the flow when that is wanted, and nothing is claimed', async () => {
    const other = addFlow(emulator.state, 'switchboard inbound');
    const line = numberIn('+18005550142');
    if (line) emulator.state.numbers.put({ ...line, ContactFlowId: other });

    expect(await run(['claim', '+18005550142'], { answer: false })).toBe(1);
    expect(text).toContain('wherever it points now?\nNothing was changed.');
    expect(numberIn('+18005550142')).toMatchObject({ ContactFlowId: other });
    expect(await run(['claim', '+18005550142'], { answer: true })).toBe(0);
    expect(text).toContain('already belongs to the instance');
    expect(numberIn('+18005550142')).toMatchObject({ ContactFlowId: flowId });
    expect(emulator.state.claims.all()).toEqual([]);

    text = '';
    expect(await run(['claim', '+18005550142'], { answer: false })).toBe(0);
    expect(text).toBe(
      '+18005550142 belongs to the instance, and already points at the flow for direct numbers.\n',
    );
  });

  test('points the number at the flow that somebody renamed', async () => {
    const flow = emulator.state.flows.get(flowId);
    const Tags = { 'switchboard:stack': 'switchboard', 'switchboard:flow': 'extension-transfer' };
    if (flow) emulator.state.flows.put({ ...flow, Name: 'Durchwahl', Tags });

    expect(await run(['claim', FREE, '--yes'])).toBe(0);
    expect(numberIn(FREE)).toMatchObject({ ContactFlowId: flowId });
  });

  test('spends nothing while the flow is not there', async () => {
    emulator.state.flows.delete(flowId);

    expect(await run(['claim', FREE, '--yes'])).toBe(1);
    expect(text).toContain(`no flow "${FLOW}", so nothing was claimed`);
    expect(emulator.state.claims.all()).toEqual([]);
  });

  test('says that a claim failed, and why', async () => {
    expect(await run(['claim', TAKEN_MEANWHILE, '--yes'])).toBe(1);

    expect(text).toContain(
      `The claim of ${TAKEN_MEANWHILE} failed: The phone number is no longer available.`,
    );
  });

  test('a claim that failed is a new one when it is wanted again, and the same one when it was killed meanwhile', async () => {
    await run(['claim', TAKEN_MEANWHILE, '--yes']);
    await expect(run(['claim', TAKEN_MEANWHILE, '--yes'], { killAt: 5, arrives: true })).resolves.toBe(1);

    expect(await run(['claim', TAKEN_MEANWHILE, '--yes'])).toBe(0);

    const claims = emulator.state.claims.all();
    expect(claims).toHaveLength(2);
    expect(emulator.state.numbers.get(claims[1]?.PhoneNumberId ?? '')).toMatchObject({
      ContactFlowId: flowId,
    });
  });

  test('says that a number cannot be claimed', async () => {
    expect(await run(['claim', '+16135550199', '--yes'])).toBe(1);

    expect(text).toContain('+16135550199 can no longer be claimed');
  });

  test('explains both quotas', async () => {
    const [number] = emulator.state.numbers.all();
    for (let more = 0; number && more < 38; more += 1) {
      emulator.state.numbers.put({ ...number, Id: `more-${more}`, PhoneNumber: `+1416555${9000 + more}` });
    }
    expect(await run(['claim', FREE, '--yes'])).toBe(1);
    expect(text).toContain('reached its quota of phone numbers. Release one');

    for (let more = 0; more < 38; more += 1) emulator.state.numbers.delete(`more-${more}`);
    for (let more = 0; more < 40; more += 1) {
      emulator.state.claims.put({ Token: `t${more}`, PhoneNumber: `+1${more}`, PhoneNumberId: 'gone' });
    }
    expect(await run(['claim', FREE, '--yes'])).toBe(1);
    expect(text).toContain('exceed 200 %');
  });
});

describe('import and list', () => {
  let folder: string;
  let table: string[];
  let tables: Awaited<ReturnType<typeof freshTables>>;

  beforeEach(async () => {
    folder = newFolder();
    tables = await freshTables();
    table = ['--directory-table', tables.directory, '--dynamodb-endpoint', tables.endpoint];
  });

  const tool = (...argv: string[]) => runCommand(['phonebook', ...argv, ...table]);

  async function fileOf(name: string, ...lines: string[]): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `${lines.join('\n')}\n`);
    return path;
  }

  async function rows(): Promise<Record<string, unknown>[]> {
    return [...(await dump(tables.client, tables.directory)).values()];
  }

  test('takes good rows, keeps the others for mending, and changes nothing the second time', async () => {
    const file = await fileOf(
      'n.csv',
      'phoneNumber,sms,country,type',
      '(613) 555-0130,yes,CA,DID',
      '+4930231250,no,DE,',
      'six one three,,,',
      '+16135550131,maybe,,',
      '+16135550132,,DE,',
      '+16135550133,,,',
      '+16135550134,,XX,',
    );

    const first = await tool('import', file);
    const again = await tool('import', file, '--fresh');

    expect(first).toMatchObject({
      code: 2,
      text: expect.stringContaining('3 written, 0 unchanged, 4 rejected'),
    });
    expect(first.text).toContain('line 4, phoneNumber:');
    expect(first.text).toContain('line 5, sms: sms must be yes or no.');
    expect(first.text).toContain('line 6, country: The number belongs to CA.');
    expect(first.text).toContain('line 8, country: The country is not known.');
    expect(again.text).toContain('0 written, 3 unchanged, 4 rejected');
    expect(await readFile(`${file}.rejected`, 'utf8')).toContain('5,sms,sms must be yes or no.,+16135550131');
    expect(await rows()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pk: 'NUMBER#+16135550130', state: 'UNUSED', source: 'import', sms: true }),
        expect.objectContaining({ pk: 'NUMBER#+4930231250', country: 'DE', sms: false }),
      ]),
    );
  });

  test('a number is taken out of service, and back, by hand', async () => {
    await tool('import', await fileOf('n.csv', 'phoneNumber', '+16135550130'));

    expect(await tool('block', '+1 613 555 0130')).toMatchObject({
      ...{ code: 0, text: '+16135550130 is BLOCKED (MANUAL).\n' },
    });
    expect((await tool('list')).text).toContain('MANUAL');
    expect(await tool('unblock', '+16135550130')).toMatchObject({
      code: 0,
      text: '+16135550130 is UNUSED.\n',
    });
    expect(await tool('block', '1042')).toMatchObject({
      code: 1,
      text: 'error: The directory does not have the number 1042.\n',
    });
  });

  test('a line of JSON says the same, and later what changed', async () => {
    await tool('import', await fileOf('a.ndjson', '{"phoneNumber": "+16135550130", "sms": true}'));

    const changed = await tool(
      'import',
      await fileOf('b.ndjson', '{"phoneNumber":"+16135550130","sms":false}'),
    );

    expect(changed).toMatchObject({ code: 0, text: expect.stringContaining('1 written') });
    expect(await rows()).toMatchObject([{ pk: 'NUMBER#+16135550130', sms: false, country: 'CA' }]);
  });

  test('lists what the phonebook has, and says when there is nothing', async () => {
    expect(await tool('list')).toMatchObject({ code: 0, text: 'No numbers match.\n' });
    await tool(
      'import',
      await fileOf('n.csv', 'phoneNumber', '+16135550130', '+16135550131', '+16135550132'),
    );

    const { text: listed } = await tool('list', '--limit', '2');

    expect(listed).toBe(
      '+16135550130      UNUSED\n+16135550131      UNUSED\nMore numbers are UNUSED. To list them, increase --limit.\n',
    );
  });

  test('names what is wrong with a file', async () => {
    const header = await fileOf('n.csv', 'phone', '+16135550130');

    expect((await tool('import', header)).text).toContain('Column 1 of the header is not known');
    expect((await tool('import', join(folder, 'none.csv'))).text).toContain('error: Cannot open');
  });
});
