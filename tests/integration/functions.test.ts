import { startFunctions, type TestFunctions } from '#support/functions.ts';
import { flowEvent, request } from '#support/local-stack.ts';
import { freshTables } from '#support/tables.ts';
import { newUserId, userArn } from '#tools/local/emulators/index.ts';

/** The built artifact, in workers, with the template's environment: what is deployed, on the engine of this run. */
let functions: TestFunctions | undefined;

afterEach(async () => {
  await functions?.stop();
});

async function start(options: Parameters<typeof startFunctions>[1] = {}): Promise<TestFunctions> {
  functions = await startFunctions(await freshTables(), {
    parameters: { ExtensionRange: '0042-0051' },
    ...options,
  });
  return functions;
}

test('a contact written by contacts-api and indexed by contact-indexer is known to caller-lookup', async () => {
  const { invoke, drainStreams, apiUrl } = await start();
  const contact = {
    firstName: 'Jane',
    identifiers: ['+14155550100', 'jane@example.com'],
    attributes: { tier: 'vip' },
  };

  const written = await request(`${apiUrl}/contacts/jane`, 'PUT', contact);
  await drainStreams();
  const known = await invoke('CallerLookupFunction', flowEvent('(415) 555-0100'));

  expect(written).toMatchObject({ json: { contactId: 'jane', version: 1 } });
  expect(known.answer).toMatchObject({
    status: 'FOUND',
    contactId: 'jane',
    attr_tier: 'vip',
    source: 'index',
  });

  await request(`${apiUrl}/contacts/jane`, 'DELETE');
  // Before the index follows: the contact itself is the truth.
  expect((await invoke('CallerLookupFunction', flowEvent('+14155550100'))).answer.status).toBe('NOT_FOUND');
});

test('an agent whom agent-sync finds in Connect is reached by extension-transfer, leading zeros and all', async () => {
  const { invoke, connect } = await start();
  const Id = newUserId();
  connect.state.users.put({
    Id,
    Arn: userArn(Id),
    Username: 'ada',
    IdentityInfo: { FirstName: 'Ada', LastName: 'Martin' },
    PhoneConfig: {},
    RoutingProfileId: 'r',
    SecurityProfileIds: ['s'],
    Tags: { 'switchboard:extension': '0050' },
  });

  const synced = await invoke('AgentSyncFunction', {});
  const again = await invoke('AgentSyncFunction', {});
  const reached = await invoke('ExtensionTransferFunction', flowEvent('anonymous', { digits: '0050#' }));

  expect(synced.answer).toMatchObject({ status: 'DONE', counts: { added: 1, extensionsUnused: 9 } });
  expect(again.answer).toMatchObject({ status: 'DONE', changes: [] });
  expect(reached.answer).toMatchObject({
    status: 'FOUND',
    agentId: Id,
    extension: '0050',
    displayName: 'Ada Martin',
  });
});

test('an agent whom agent-sync finds in Connect is found by name-directory, by either spelling', async () => {
  const { invoke, connect, log } = await start();
  const Id = newUserId();
  connect.state.users.put({
    Id,
    Arn: userArn(Id),
    Username: 'eva',
    IdentityInfo: { FirstName: 'Eva', LastName: 'Müller' },
    PhoneConfig: {},
    RoutingProfileId: 'r',
    SecurityProfileIds: ['s'],
    Tags: {},
  });
  await invoke('AgentSyncFunction', {});

  for (const digits of ['685537#', '6835537382']) {
    const { answer } = await invoke('NameDirectoryFunction', flowEvent('anonymous', { digits }));
    expect(answer).toEqual({
      status: 'FOUND',
      matches: '1',
      name1: 'Eva Müller',
      extension1: '0042',
      agentId1: Id,
      more: 'false',
    });
  }
  expect(log()).not.toMatch(/Müller|685537/);
});

test('agent-sync puts its export into the bucket', async () => {
  const { invoke, connect } = await start({
    parameters: { ExtensionRange: '10-19', ExportBucket: 'exports' },
  });
  const Id = newUserId();
  const user = {
    Id,
    Arn: userArn(Id),
    Username: 'ada',
    IdentityInfo: {},
    PhoneConfig: {},
    RoutingProfileId: 'r',
  };
  connect.state.users.put({ ...user, SecurityProfileIds: [], Tags: {} });

  const { answer } = await invoke('AgentSyncFunction', {});
  const exported = await fetch(`${connect.s3Url}/exports/agent_extensions.csv`);

  expect(answer).toMatchObject({ status: 'DONE', counts: { added: 1 } });
  expect(await exported.text()).toMatch(/ada/);
});

test('number-expiry frees a quarantined number when its quarantine ends', async () => {
  const { invoke, connect } = await start({
    parameters: { ExtensionRange: '1000-1009', QuarantineDays: '0' },
  });
  const users = ['ada', 'ben'].map((Username) => {
    const Id = newUserId();
    const user = { Id, Arn: userArn(Id), Username, IdentityInfo: {}, PhoneConfig: {}, RoutingProfileId: 'r' };
    connect.state.users.put({ ...user, SecurityProfileIds: [], Tags: {} });
    return Id;
  });
  await invoke('AgentSyncFunction', {});
  connect.state.users.delete(users[1] ?? '');
  await invoke('AgentSyncFunction', {});

  const expired = await invoke('NumberExpiryFunction', {});
  const after = await invoke('AgentSyncFunction', {});

  expect(expired.error).toBeUndefined();
  expect(after.answer).toMatchObject({ status: 'DONE', counts: { users: 1, extensionsUnused: 9 } });
});

test('a function names every missing and malformed setting at once when it is loaded', async () => {
  const environment = { LOOKUP_TABLE: undefined, ROOT_KEY_ARN: undefined, DEFAULT_COUNTRY: 'usa' };
  const { invoke } = await start({ environment });

  const { error } = await invoke('CallerLookupFunction', {});

  expect(error?.errorType).toBe('ConfigurationError');
  expect(error?.errorMessage).toMatch(
    /LOOKUP_TABLE is missing.*DEFAULT_COUNTRY must be.*ROOT_KEY_ARN is missing/,
  );
});
