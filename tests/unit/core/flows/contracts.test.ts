import { readFileSync } from 'node:fs';
import { BatchGetCommand, DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { buildCallerAnswer } from '@switchboard/core/contacts/lookup';
import { ANSWER_KEYS, ANSWER_STATUSES, FUNCTION_PARAMETERS } from '@switchboard/core/flows';
import type { Transfer } from '@switchboard/core/transfer';
import { mockClient } from 'aws-sdk-client-mock';
import type { LookupAnswer } from '#core/contacts/lookup/lookup.ts';
import { agentItem } from '#core/directory/agents.ts';
import { nameRowKey } from '#core/directory/name-rows.ts';
import { numberItem } from '#core/directory/numbers.ts';
import type { FlowSmsResponse } from '#core/messages/flow/flow-sms.ts';
import { toStringMap } from '#core/platform/handlers/contact-flow.ts';
import { evaluatedPropertiesOf } from '#support/template.ts';
import { placeholderName } from '#tools/flows/draw/descriptions.ts';
import { objectAt } from '#tools/json.ts';

type Handler = (event: unknown) => Promise<Record<string, string>>;

const dynamodb = mockClient(DynamoDBDocumentClient);
const handlers: Record<'extension-transfer' | 'name-directory', Handler | undefined> = {
  'extension-transfer': undefined,
  'name-directory': undefined,
};

beforeAll(async () => {
  // As the template sets them, so that a new setting needs no change here.
  for (const id of ['ExtensionTransferFunction', 'NameDirectoryFunction']) {
    const variables = objectAt(objectAt(evaluatedPropertiesOf(id), 'Environment'), 'Variables');
    for (const [name, value] of Object.entries(variables)) process.env[name] ??= String(value);
  }
  Object.assign(process.env, { DIRECTORY_TABLE: 'directory', LOOKUP_BUDGET_MS: '5000' });
  handlers['extension-transfer'] = (await import('#functions/extension-transfer/index.ts')).handler;
  handlers['name-directory'] = (await import('#functions/name-directory/index.ts')).handler;
});

beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(GetCommand).resolves({});
  dynamodb.on(QueryCommand).resolves({});
});

const owner = { agentId: 'agent-1', arn: 'arn', username: 'jane.roe', firstName: 'Jane', lastName: 'Roe' };

async function keysOf(name: keyof typeof handlers, ...digits: string[]): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const keyed of digits) {
    const event = { Details: { ContactData: {}, Parameters: { digits: keyed } } };
    for (const key of Object.keys((await handlers[name]?.(event)) ?? {})) keys.add(key);
  }
  return keys;
}

/** Compiles only when nothing is left over. */
const nothing = <_Left extends never>() => true;

type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type Listed = (typeof ANSWER_KEYS.ExtensionTransferFunctionArn)[number];

test('a flow may read what caller-lookup answers, and nothing else is listed', () => {
  const contact = {
    contactId: 'C-1',
    version: 1,
    updatedAt: '2026-01-01T00:00:00.000Z',
    identifiers: ['+14155550100'],
    privateAttributes: {},
    firstName: 'Jane',
    lastName: 'Roe',
    language: 'en',
    agentId: 'agent-1',
    audiences: ['vip'],
    attributes: { tier: 'vip', long: 'x'.repeat(40_000) },
  };
  const found = buildCallerAnswer(
    { status: 'FOUND', matches: 1, contacts: [contact], source: 'index' },
    '1042',
  );
  const keys = { ...toStringMap(found), ...toStringMap({ status: 'INVALID', message: 'No number.' }) };
  const listed = Object.keys(keys).map((key) => key.replace(/^(attr|audience)_.*/, '$1_*'));
  expect(new Set(listed)).toEqual(new Set(ANSWER_KEYS.CallerLookupFunctionArn));
});

test('a flow may read what extension-transfer answers, and nothing else is listed', async () => {
  expect(nothing<Exclude<KeyOf<Transfer>, Listed | 'found'>>()).toBe(true);
  expect(nothing<Exclude<Listed, KeyOf<Transfer> | 'status'>>()).toBe(true);
  const { pk, sk, ...rest } = numberItem({ number: '1042', pool: 'extension', state: 'ASSIGNED', owner });
  dynamodb.on(GetCommand, { Key: { pk, sk } }).resolves({ Item: { pk, sk, ...rest } });
  const keys = await keysOf('extension-transfer', '1042', '1043', 'x');
  expect(keys).toContain('agentId');
  expect(keys.isSubsetOf(new Set<string>(ANSWER_KEYS.ExtensionTransferFunctionArn))).toBe(true);
});

test('a flow may read what name-directory answers, and nothing else is listed', async () => {
  const agents = [0, 1, 2].map((position) => ({
    agentId: `agent-${position}`,
    arn: '',
    username: `user-${position}`,
    firstName: 'Jane',
    lastName: 'Roe',
    fingerprint: '',
    addedAt: '',
    spellings: ['763'],
    placement: { extension: `100${position}` },
  }));
  dynamodb.on(QueryCommand).resolves({ Items: agents.map(({ agentId }) => nameRowKey('763', agentId)) });
  dynamodb.on(BatchGetCommand).resolves({ Responses: { directory: agents.map(agentItem) } });
  const keys = await keysOf('name-directory', '763', '7');
  expect(keys).toEqual(new Set(ANSWER_KEYS.NameDirectoryFunctionArn));
});

test('a flow may read what flow-sms answers, and nothing else is listed', () => {
  type Texted = (typeof ANSWER_KEYS.FlowSmsFunctionArn)[number];
  expect(nothing<Exclude<KeyOf<FlowSmsResponse>, Texted>>()).toBe(true);
  expect(nothing<Exclude<Texted, KeyOf<FlowSmsResponse>>>()).toBe(true);
});

test('the statuses that a flow may compare with are those of the answers', () => {
  /** What createFlowHandler adds to the answers of every function. */
  type Always = 'INVALID' | 'DEGRADED';
  type Caller = (typeof ANSWER_STATUSES.CallerLookupFunctionArn)[number];
  type Text = (typeof ANSWER_STATUSES.FlowSmsFunctionArn)[number];
  expect(nothing<Exclude<LookupAnswer['status'] | Always, Caller>>()).toBe(true);
  expect(nothing<Exclude<Caller, LookupAnswer['status'] | Always>>()).toBe(true);
  expect(nothing<Exclude<FlowSmsResponse['status'] | Always, Text>>()).toBe(true);
  expect(nothing<Exclude<Text, FlowSmsResponse['status'] | Always>>()).toBe(true);
  const both = ['FOUND', 'NOT_FOUND', 'INVALID', 'DEGRADED'];
  expect(ANSWER_STATUSES.ExtensionTransferFunctionArn).toEqual(both);
  expect(ANSWER_STATUSES.NameDirectoryFunctionArn).toEqual(both);
});

test.each(Object.entries(FUNCTION_PARAMETERS))('%s reads the parameters %j', (name, parameters) => {
  const folder = placeholderName(`\${${name}}`);
  const source = readFileSync(`functions/${folder}/index.ts`, 'utf8');
  const read = [...source.matchAll(/parameters\.(\w+)/g)].map(([, parameter]) => parameter);

  expect(new Set(read)).toEqual(new Set(parameters));
});
