import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SNSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import fixture from '#events/sms-inbound.json';
import { awsError } from '#support/contacts.ts';
import { loadHandler } from '#support/handler.ts';

// The fixture: events/sms-inbound.json
const event = fixture as SNSEvent;
const kms = mockClient(KMSClient);
const dynamodb = mockClient(DynamoDBDocumentClient);

const handler = loadHandler<unknown>('sms-inbound');

beforeEach(() => {
  kms.reset();
  dynamodb.reset();
  kms.on(GenerateMacCommand).resolves({ Mac: Buffer.alloc(64, 1) });
});

const receive = (...messages: unknown[]) => {
  const [record] = event.Records;
  const Records = messages.map((message) => ({
    ...record,
    Sns: { ...record?.Sns, Message: typeof message === 'string' ? message : JSON.stringify(message) },
  }));
  return handler({ Records });
};
const text = (messageBody: string, originationNumber = '+14155550100') => ({
  originationNumber,
  messageBody,
});
const written = () => dynamodb.commandCalls(PutCommand).map(({ args: [{ input }] }) => input.Item);

it('remembers who texted STOP, and nothing of the text', async () => {
  dynamodb.on(PutCommand).resolves({});

  expect(await handler(event)).toEqual({
    status: 'DONE',
    counts: { stops: 1, starts: 0, others: 0 },
  });
  expect(written()).toEqual([
    {
      pk: expect.stringMatching(/^OPTOUT#[\w-]{43}$/),
      sk: 'OPTOUT',
      state: 'OPTED_OUT',
      at: '2026-11-21T08:00:00.000Z',
      source: 'TEXT',
      blob: expect.any(Buffer),
      keyVersion: 1,
    },
  ]);
});

it('remembers START, and takes the same text twice for one', async () => {
  dynamodb.on(PutCommand).rejects(awsError('ConditionalCheckFailedException'));

  expect(await receive(text('start'))).toMatchObject({ counts: { starts: 1 } });
  expect(written()).toMatchObject([{ state: 'OPTED_IN' }]);
});

it('passes over what asks for neither, and who cannot be texted', async () => {
  expect(await receive(text('Stop by tomorrow'), text('STOP', '28777'), text('STOP', 'BANK'))).toEqual({
    status: 'DONE',
    counts: { stops: 0, starts: 0, others: 3 },
  });
  expect(written()).toEqual([]);
});

it('knows a number without its plus for the same', async () => {
  dynamodb.on(PutCommand).resolves({});

  await receive(text('STOP', '+14155550100'), text('STOP', '14155550100'));

  const [one, other] = written();
  expect(other).toMatchObject({ pk: one?.pk, state: 'OPTED_OUT' });
});

it('keeps a STOP of which nobody can tell whose it is for a person, after the others are done', async () => {
  dynamodb.on(PutCommand).resolves({});

  const error = await receive(text('STOP', '0155550100'), text('STOP')).catch((reason: unknown) => reason);

  expect(error).toMatchObject({ message: expect.stringContaining('sms-inbound failed') });
  expect(written()).toHaveLength(1);
  expect(await receive(text('START', '0155550100'))).toMatchObject({ counts: { others: 1 } });
});

it('fails, to be tried again and kept, when the wish cannot be written', async () => {
  dynamodb.on(PutCommand).rejects(awsError('InternalServerError'));

  await expect(receive(text('STOP'))).rejects.toThrow('sms-inbound failed');
});

it.each([
  ['no event', undefined],
  ['an event of something else', { detail: {} }],
  ['a record without a message', { Records: [{ Sns: {} }] }],
])('refuses %s', async (_name, strange) => {
  await expect(handler(strange)).rejects.toThrow('sms-inbound failed');
});

it('does what it can read of an event in which something else is, and then fails', async () => {
  dynamodb.on(PutCommand).resolves({});

  await expect(receive('{"half', text('STOP'))).rejects.toThrow('sms-inbound failed');
  expect(written()).toHaveLength(1);
});
