import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createFindPresence, UNKNOWN_PRESENCE } from '#core/presence/presence.ts';

/** A table that never answers. */
const client = { send: () => new Promise(() => undefined) } as unknown as DynamoDBDocumentClient;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test.each([
  ['400 ms', 60_000, 400],
  ['the remaining time', 50, 50],
])('waits for a status no longer than %s', async (_, leftMs, waitsMs) => {
  const resolved = jest.fn();
  void createFindPresence({ client, table: 'directory' }, 'UTC')('agent-1', 'en', leftMs).then(resolved);

  await jest.advanceTimersByTimeAsync(waitsMs - 1);
  expect(resolved).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  expect(resolved).toHaveBeenCalledWith(UNKNOWN_PRESENCE);
});
