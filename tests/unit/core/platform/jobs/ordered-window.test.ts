import { setTimeout } from 'node:timers/promises';
import { OrderedWindow } from '#core/platform/jobs/ordered-window.ts';

describe('running tasks in parallel and taking their results in order', () => {
  it('hands results on in the order the tasks were added, whichever ends first', async () => {
    const taken: number[] = [];
    const window = new OrderedWindow<number, number>({
      concurrency: 3,
      onResult: async (place, result) => void taken.push(place * 1000 + result),
    });

    for (let i = 0; i < 30; i++) await window.add(undefined, i, () => setTimeout((i % 3) * 3, i));
    await window.drain();

    expect(taken).toEqual(Array.from({ length: 30 }, (_, i) => i * 1000 + i));
  });

  it('runs no more at once, and holds no more, than it may', async () => {
    let running = 0;
    let most = 0;
    let taken = 0;
    const window = new OrderedWindow<number, void>({ concurrency: 4, onResult: async () => void taken++ });

    for (let i = 0; i < 50; i++) {
      await window.add(undefined, i, async () => {
        most = Math.max(most, ++running);
        await setTimeout(1);
        running--;
      });
      expect(i + 1 - taken).toBeLessThanOrEqual(16);
    }
    await window.drain();

    expect(most).toBe(4);
  });

  it('runs tasks with the same key one after the other, beside those of other keys', async () => {
    const log: string[] = [];
    const window = new OrderedWindow<number, void>({ concurrency: 8, onResult: async () => {} });
    const besides = Promise.withResolvers<void>();
    const task = (name: string, work: Promise<void>) => async () => {
      log.push(`${name} begins`);
      await work;
      log.push(`${name} ends`);
    };
    const other = task('b', setTimeout(1));

    await window.add('a', 1, task('first a', besides.promise));
    await window.add('a', 2, task('second a', setTimeout(1)));
    await window.add('b', 3, () => other().then(besides.resolve));
    await window.drain();

    expect(log).toEqual([
      'first a begins',
      'b begins',
      'b ends',
      'first a ends',
      'second a begins',
      'second a ends',
    ]);
  });
});
