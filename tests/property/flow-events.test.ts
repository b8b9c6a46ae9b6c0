import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { putContact } from '#core/contacts/index.ts';
import { indexBatch } from '#core/contacts/indexing/index.ts';
import { agentItem } from '#core/directory/agents.ts';
import { nameRowKey } from '#core/directory/name-rows.ts';
import { numberItem } from '#core/directory/numbers.ts';
import { contactBody, streamRecord, testKeyring } from '#support/contacts.ts';
import { propertyRuns } from '#support/property.ts';
import { freshTables } from '#support/tables.ts';

type Handler = (event: unknown) => Promise<Record<string, string>>;

const PHONE = '+14155550100';
const SHARED_PHONE = '+14155550101';
const WORDY_PHONE = '+14155550102';
const STATUSES = {
  'caller-lookup': ['FOUND', 'NOT_FOUND', 'AMBIGUOUS', 'ANONYMOUS', 'INVALID', 'DEGRADED'],
  'extension-transfer': ['FOUND', 'NOT_FOUND', 'INVALID', 'DEGRADED'],
  'name-directory': ['FOUND', 'NOT_FOUND', 'INVALID', 'DEGRADED'],
  'flow-sms': [
    'ACCEPTED',
    'DUPLICATE',
    'NO_TEMPLATE',
    'ANONYMOUS',
    'FROM_NOT_ALLOWED',
    'INVALID',
    'DEGRADED',
  ],
};
const handlers = new Map<string, Handler>();

beforeAll(async () => {
  const { client, contacts, lookup, directory, messages, idempotency, endpoint } = await freshTables();
  const keyring = testKeyring();
  mockClient(KMSClient)
    .on(GenerateMacCommand)
    .resolves({ Mac: new Uint8Array(64).fill(1) });
  Object.assign(process.env, {
    CONTACTS_TABLE: contacts,
    LOOKUP_TABLE: lookup,
    DIRECTORY_TABLE: directory,
    MESSAGES_TABLE: messages,
    IDEMPOTENCY_TABLE: idempotency,
    MESSAGE_RETENTION_DAYS: '30',
    ALLOW_UNKNOWN_RECIPIENTS: 'true',
    DEFAULT_COUNTRY: 'US',
    ORGANIZATION: 'main',
    ROOT_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000000',
    KEY_VERSIONS: '1',
    LOOKUP_BUDGET_MS: '5000',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  });

  const words = Object.fromEntries(
    Array.from({ length: 50 }, (_, at) => [`word${at}`, '☎"\\\u0000'.repeat(100)]),
  );
  const people = {
    jane: contactBody({ firstName: 'Jane', identifiers: [PHONE, SHARED_PHONE], attributes: { tier: 'vip' } }),
    joe: contactBody({ firstName: 'Joe', identifiers: [SHARED_PHONE] }),
    wordy: contactBody({ identifiers: [WORDY_PHONE], attributes: words }),
  };
  const store = { client, contacts, keyring };
  for (const [contactId, body] of Object.entries(people)) {
    await putContact(store, contactId, body);
    const hashes = body.identifiers.flatMap((identifier) => keyring.hashes(identifier));
    await indexBatch({ client, contacts, lookup }, [streamRecord(contactId, null, hashes)]);
  }
  const eva = { agentId: 'a-2', arn: 'arn:2', username: 'eva', firstName: 'Eva', lastName: 'Müller' };
  const spelled = { ...eva, spellings: ['685537'], fingerprint: '', addedAt: '' };
  const owner = { agentId: 'a-1', arn: 'arn:1', username: 'ann', firstName: 'Ann', lastName: 'Doe' };
  for (const record of [
    numberItem({ number: '1042', pool: 'extension', state: 'ASSIGNED', owner }),
    numberItem({ number: '+18005550199', pool: 'direct', state: 'ASSIGNED', owner }),
    numberItem({ number: '1043', pool: 'extension', state: 'UNUSED' }),
    numberItem({ number: '1044', pool: 'extension', state: 'BLOCKED', reason: 'NO_FLOW' }),
    agentItem({ ...spelled, placement: { extension: '1045' } }),
    nameRowKey('685537', 'a-2'),
  ]) {
    await client.send(new PutCommand({ TableName: directory, Item: record }));
  }
  const template = { pk: 'TEMPLATE#hello', sk: 'TEMPLATE', texts: { en: 'Hello' } };
  await client.send(new PutCommand({ TableName: messages, Item: template }));
  handlers.set('caller-lookup', (await import('#functions/caller-lookup/index.ts')).handler);
  handlers.set('extension-transfer', (await import('#functions/extension-transfer/index.ts')).handler);
  handlers.set('name-directory', (await import('#functions/name-directory/index.ts')).handler);
  handlers.set('flow-sms', (await import('#functions/flow-sms/index.ts')).handler);
});

/** Any sixteen bits, so half of a surrogate pair too. */
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const anyText = fc.oneof(
  fc.string({ unit }),
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.nat({ max: 200_000 }).map((size) => '7'.repeat(size)),
  fc.nat({ max: 100_000 }).map((size) => '☎'.repeat(size)),
);
const anyJson = fc.jsonValue({ stringUnit: 'binary', maxDepth: 5 });
const address = fc.oneof(
  fc.constantFrom(PHONE, SHARED_PHONE, WORDY_PHONE, 'anonymous', 'ref:CRM-17', 'jane@example.com', '@jane'),
  anyText,
);
const digits = fc.oneof(
  fc.constantFrom('1042', '1042#', '685537#', '1043', '1044', '0042', '٤٢', 'ABCD', '', ' '),
  fc.string({ unit: fc.constantFrom(...'0123456789*#+ -') }),
  anyText,
);

/** What is usually there, or anything else, or nothing at all. */
const maybe = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, anyJson, anyText, fc.constant(null), fc.constant(undefined));
const fields = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });
const endpointOf = (usual: fc.Arbitrary<unknown>) =>
  maybe(fields({ Address: maybe(usual), Type: maybe(fc.constant('TELEPHONE_NUMBER')) }));

const nearMiss = fields({
  Name: maybe(fc.constant('ContactFlowEvent')),
  Details: maybe(
    fields({
      ContactData: maybe(
        fields({
          Attributes: maybe(fc.dictionary(anyText, maybe(anyText), { maxKeys: 3 })),
          Channel: maybe(fc.constantFrom('VOICE', 'CHAT')),
          CustomerEndpoint: endpointOf(address),
          SystemEndpoint: endpointOf(fc.oneof(fc.constant('+18005550199'), address)),
          ContactId: maybe(fc.uuid()),
          LanguageCode: maybe(fc.constant('en-US')),
          Queue: maybe(fc.constant(null)),
        }),
      ),
      Parameters: maybe(
        fields({
          digits: maybe(digits),
          identifier: maybe(address),
          constructor: maybe(anyText),
          template: maybe(fc.constant('hello')),
          block: maybe(fc.constant('text-the-caller')),
          from: fc.constantFrom(undefined, '+18005550199', ''),
          to: fc.constantFrom(undefined, PHONE, '', 'anonymous'),
        }),
      ),
    }),
  ),
});

/** As Lambda delivers it: parsed from JSON, in which a key may well be called __proto__. */
const delivered = fc
  .tuple(nearMiss, fc.boolean())
  .map(([event, spiked]): unknown =>
    JSON.parse(JSON.stringify(event), spiked ? withPrototypeKey : undefined),
  );

function withPrototypeKey(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.defineProperty(value, '__proto__', { value: { digits: '1' }, enumerable: true });
}

/** Where Lambda's limit of 6 MB leaves room for millions of levels; parsing takes them, writing does not. */
const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth + 1)}${']'.repeat(depth + 1)}`);

describe.each(Object.entries(STATUSES))('%s', (name, statuses) => {
  async function isAnswered(event: unknown) {
    const answer = await handlers.get(name)?.(event);

    expect(statuses).toContain(answer?.status);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(32 * 1024);
    for (const [key, value] of Object.entries(answer ?? {})) {
      expect(typeof value).toBe('string');
      expect(key).toMatch(/^[A-Za-z0-9_-]+$/);
    }
  }

  test('answers any JSON with a flat map of strings', () =>
    fc.assert(fc.asyncProperty(anyJson, isAnswered), propertyRuns(1_500)));

  test('answers what is nearly a contact-flow event with a flat map of strings', () =>
    fc.assert(fc.asyncProperty(delivered, isAnswered), propertyRuns(1_500)));

  test('answers an event of any depth with a flat map of strings', () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: 100_000 }), fc.constantFrom('digits', 'identifier', 'x'), (depth, key) =>
        isAnswered({
          Details: {
            Parameters: { [key]: nested(depth) },
            ContactData: { Attributes: { [key]: nested(depth) } },
          },
        }),
      ),
      propertyRuns(50),
    ));
});

test('the numbers and people that the events are about are really there', async () => {
  const call = (name: string, parameters: object) =>
    handlers.get(name)?.({ Details: { Parameters: parameters } });

  await expect(call('caller-lookup', { identifier: PHONE })).resolves.toMatchObject({ status: 'FOUND' });
  await expect(call('caller-lookup', { identifier: SHARED_PHONE })).resolves.toMatchObject({
    status: 'AMBIGUOUS',
  });
  await expect(call('caller-lookup', { identifier: WORDY_PHONE })).resolves.toMatchObject({
    truncated: 'true',
  });
  await expect(call('extension-transfer', { digits: '1042' })).resolves.toMatchObject({ status: 'FOUND' });
  await expect(call('name-directory', { digits: '685537' })).resolves.toMatchObject({ status: 'FOUND' });
  const ContactData = { ContactId: 'c-1', SystemEndpoint: { Address: '+18005550199' } };
  const Parameters = { template: 'hello', block: 'text', to: PHONE };
  await expect(handlers.get('flow-sms')?.({ Details: { ContactData, Parameters } })).resolves.toMatchObject({
    status: 'ACCEPTED',
  });
});
