import { createKeyedQueue } from '#core/messages/batches/keyed-queue.ts';

/** Work that ends when the test ends it. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const run = jest.fn(() => promise);
  return { run, resolve, reject };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('starts the second work of a key after the first, and another key immediately', async () => {
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

it('continues after a failure, which only its own caller gets', async () => {
  const [first, second] = [work(), work()];
  const inTurns = createKeyedQueue();
  const failing = inTurns('a', first.run);
  const next = inTurns('a', second.run);

  first.reject(new Error('lost'));
  second.resolve();

  await expect(failing).rejects.toThrow('lost');
  await expect(next).resolves.toBeUndefined();
});

it('starts the work of an idle key immediately', async () => {
  const [first, second] = [work(), work()];
  const inTurns = createKeyedQueue();
  first.resolve();
  await inTurns('a', first.run);

  void inTurns('a', second.run);
  expect(second.run).toHaveBeenCalledTimes(1);
  second.resolve();
});
