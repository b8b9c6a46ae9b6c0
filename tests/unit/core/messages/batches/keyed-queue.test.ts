import { createKeyedQueue } from '#core/messages/batches/keyed-queue.ts';

/** Work that ends when it is told to. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const run = jest.fn(() => promise);
  return { run, resolve, reject };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets the second of a key begin when the first is done, and another key at once', async () => {
  const [first, second, other] = [work(), work(), work()];
  const inTurns = createKeyedQueue();
  const all = [inTurns('a', first.run), inTurns('a', second.run), inTurns('b', other.run)];
  await settled();
  expect([first, second, other].map(({ run }) => run.mock.calls.length)).toEqual([1, 0, 1]);

  first.resolve();
  await settled();
  expect(second.run).toHaveBeenCalledTimes(1);

  second.resolve();
  other.resolve();
  await Promise.all(all);
});

it('goes on after one that failed, which only its own caller hears of', async () => {
  const [first, second] = [work(), work()];
  const inTurns = createKeyedQueue();
  const failing = inTurns('a', first.run);
  const next = inTurns('a', second.run);

  first.reject(new Error('lost'));
  second.resolve();

  await expect(failing).rejects.toThrow('lost');
  await expect(next).resolves.toBeUndefined();
});

it('lets the same key begin at once when nothing of it is under way', async () => {
  const [first, second] = [work(), work()];
  const inTurns = createKeyedQueue();
  first.resolve();
  await inTurns('a', first.run);

  void inTurns('a', second.run);
  expect(second.run).toHaveBeenCalledTimes(1);
  second.resolve();
});
