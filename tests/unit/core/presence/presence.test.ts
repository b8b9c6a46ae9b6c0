import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFindPresence, UNKNOWN_PRESENCE } from '#core/presence/presence.ts';

/** A table that never answers. */
const client = { send: () => new Promise(() => undefined) } as unknown as DynamoDBDocumentClient;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each([
  ['400 ms, however much is left', 60_000, 400],
  ['what is left', 50, 50],
])('a status that is not told keeps a caller no longer than %s', async (_, leftMs, waitsMs) => {
  const told = jest.fn();
  void createFindPresence({ client, table: 'directory' }, 'UTC')('agent-1', 'en', leftMs).then(told);

  await jest.advanceTimersByTimeAsync(waitsMs - 1);
  expect(told).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(told).toHaveBeenCalledWith(UNKNOWN_PRESENCE);
});
