import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { damageContact } from '#support/contacts.ts';
import { newFolder } from '#support/folder.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';
import { type AwsEmulator, startAwsEmulator } from '#tools/local/emulators/index.ts';

const MARK = 'Zaphod-Marked';
let kms: AwsEmulator;
let tables: FreshTables;
let folder: string;

beforeAll(async () => {
  kms = await startAwsEmulator({ port: 0, onEvent: () => {} });
});
beforeEach(async () => {
  tables = await freshTables();
  folder = newFolder();
});
afterAll(() => kms.stop());

/** Starts the command as npm does, in its own folder, so that its checkpoints are there. */
function start(argv: string[], endpoint = tables.endpoint): ChildProcess {
  const target = [
    '--dynamodb-endpoint',
    endpoint,
    '--contacts-table',
    tables.contacts,
    '--lookup-table',
    tables.lookup,
  ];
  target.push('--messages-table', tables.messages);
  return spawn(
    join(process.cwd(), 'node_modules/node/bin/node'),
    [join(process.cwd(), 'tools/cli/main.ts'), 'contacts', ...argv, ...target, '--kms-endpoint', kms.url],
    { cwd: folder, env: { PATH: process.env.PATH } },
  );
}

async function run(argv: string[], endpoint?: string) {
  const child = start(argv, endpoint);
  let shown = '';
  child.stdout?.on('data', (chunk) => {
    shown += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    shown += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, shown };
}

async function count(table: string): Promise<number> {
  const { Count = 0 } = await tables.client.send(new ScanCommand({ TableName: table, Select: 'COUNT' }));
  return Count;
}

describe('npm run contacts', () => {
  it('imports, rebuilds the index and rotates the keys, and shows no personal data', async () => {
    const file = join(folder, 'c.csv');
    await writeFile(
      file,
      `contactId,firstName,identifiers,attributes\nc-1,${MARK},+14155550100,\nc-2,${MARK},${MARK},\n${MARK}!,x,,\nc-3,"${MARK},,\nc-4,x,,{"${MARK}\n`,
    );

    const imported = await run(['import', file]);
    expect(imported).toMatchObject({
      code: 2,
      shown: expect.stringContaining('1 written, 0 unchanged, 4 rejected'),
    });
    expect(await readFile(`${file}.rejected`, 'utf8')).toContain(MARK);

    const dry = await run(['reindex', '--dry-run']);
    expect(dry).toMatchObject({
      code: 0,
      shown: expect.stringContaining('1 contacts seen, 1 index rows missing'),
    });
    const reindexed = await run(['reindex']);
    expect(reindexed.shown).toContain('1 contacts seen, 1 index rows added, 0 removed');

    const rotated = await run(['rotate-keys', '--key-versions', '2,1']);
    expect(rotated).toMatchObject({
      code: 0,
      shown: expect.stringContaining('1 contacts rotated to key version 2'),
    });
    expect(rotated.shown).toContain(
      '0 opt-outs rotated, 0 had the key version already, 0 cannot be decrypted.',
    );
    expect(await count(tables.lookup)).toBe(1);

    await damageContact(tables, 'c-1');
    const lost = await run(['rotate-keys', '--key-versions', '3,2']);
    expect(lost).toMatchObject({ code: 2, shown: expect.stringContaining('1 failed') });
    const failures = join(folder, '.switchboard', `rotate-keys-${tables.contacts}.failed`);
    expect(await readFile(failures, 'utf8')).toBe('CONTACT#c-1 TRUNCATED\n');

    expect([imported, dry, reindexed, rotated, lost].map(({ shown }) => shown).join('')).not.toMatch(
      /Marked|\bc-1\b|4155550/,
    );
  });

  it('writes nothing under key versions that the contacts of the table do not have', async () => {
    const file = join(folder, 'c.ndjson');
    await writeFile(file, '{"contactId":"c-1"}\n');
    expect(await run(['import', file, '--key-versions', '2'])).toMatchObject({ code: 0 });
    await writeFile(file, '{"contactId":"c-2"}\n');

    for (const command of [['import', file], ['rotate-keys']]) {
      const { code, shown } = await run([...command, '--key-versions', '1']);

      expect(code).toBe(1);
      expect(shown).toContain('contacts of key version 2, which is not among --key-versions 1.');
    }
    expect(await count(tables.contacts)).toBe(1);
    expect(await run(['import', file, '--key-versions', '2,1'])).toMatchObject({ code: 0 });
  });

  it('has every row after several interruptions', async () => {
    const file = join(folder, 'c.ndjson');
    const lines = Array.from(
      { length: 1500 },
      (_, i) => `{"contactId":"${i % 100 === 50 ? '' : `c-${i}`}"}\n`,
    );
    await writeFile(file, lines.join(''));
    for (const rows of [1, 300, 600]) {
      const child = start(['import', file, '--concurrency', '4']);
      while (child.exitCode === null && (await count(tables.contacts)) < rows) await setTimeout(20);
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    }

    const { code, shown } = await run(['import', file]);

    expect({ code, shown }).toMatchObject({ code: 2, shown: expect.stringContaining('15 rejected') });
    expect(await count(tables.contacts)).toBe(1485);
    expect((await readFile(`${file}.rejected`, 'utf8')).match(/"line":\d+/g)).toEqual(
      Array.from({ length: 15 }, (_, i) => `"line":${100 * i + 51}`),
    );
    expect(existsSync(`${file}.progress`)).toBe(false);
  });

  it('does not resume in a table that was created again under the same name', async () => {
    const file = join(folder, 'c.ndjson');
    await writeFile(file, '{"contactId":"c-1"}\n'.repeat(20_000));
    const child = start(['import', file]);
    while (child.exitCode === null && !existsSync(`${file}.progress`)) await setTimeout(50);
    child.kill('SIGKILL');
    await once(child, 'close');
    const { Table } = await tables.client.send(new DescribeTableCommand({ TableName: tables.contacts }));
    await tables.client.send(
      new UpdateTableCommand({ TableName: tables.contacts, DeletionProtectionEnabled: false }),
    );
    await tables.client.send(new DeleteTableCommand({ TableName: tables.contacts }));
    await tables.client.send(
      new CreateTableCommand({
        TableName: tables.contacts,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: Table?.KeySchema,
        AttributeDefinitions: Table?.AttributeDefinitions?.filter(
          ({ AttributeName = '' }) => AttributeName.length === 2,
        ),
      }),
    );

    const { code, shown } = await run(['import', file]);

    expect({ code, shown }).toMatchObject({ code: 1, shown: expect.stringContaining('--fresh') });
  });

  it('stops on Ctrl-C, saves its place, and says how to resume', async () => {
    const file = join(folder, 'c.ndjson');
    await writeFile(file, Array.from({ length: 20_000 }, (_, i) => `{"contactId":"c-${i}"}\n`).join(''));
    const child = start(['import', file, '--concurrency', '2']);
    let shown = '';
    child.stdout?.on('data', (chunk) => {
      shown += chunk;
    });
    while (child.exitCode === null && !existsSync(`${file}.progress`)) await setTimeout(50);

    child.kill('SIGINT');
    const [code] = await once(child, 'close');

    expect(code).toBe(1);
    expect(shown).toMatch(/Stopped: \d+ rows read/);
    expect(shown).toContain('To resume, run the same command again.');
    const saved = JSON.parse(await readFile(`${file}.progress`, 'utf8'));
    expect(await count(tables.contacts)).toBe(saved.counts.read);
  });

  it('fails when the endpoint does not answer, and when the file or a table does not exist', async () => {
    expect(await run(['reindex'], 'http://127.0.0.1:1')).toMatchObject({
      code: 1,
      shown: expect.stringContaining('error: Cannot connect to the endpoint'),
    });
    expect(await run(['import', 'none.csv'])).toMatchObject({
      code: 1,
      shown: expect.stringContaining('error: Cannot open none.csv'),
    });
    tables = { ...tables, contacts: 'Nope' };
    expect(await run(['reindex'])).toMatchObject({
      code: 1,
      shown: expect.stringContaining('There is no table Nope'),
    });
  });
});
