import { paced } from '#core/contacts/maintenance/pace.ts';

function clock() {
  const state = {
    time: 0,
    now: () => state.time,
    async wait(ms: number) {
      state.time += ms;
    },
  };
  return state;
}

describe('pacing writes', () => {
  it('lets the first through at once, and the next when the first have had their share', async () => {
    const time = clock();
    const pace = paced(100, time);

    await pace.take(25);
    expect(time.time).toBe(0);
    await pace.take(25);
    expect(time.time).toBe(250);
    await pace.take(1);
    expect(time.time).toBe(500);
  });

  it('does not save up what was not used', async () => {
    const time = clock();
    const pace = paced(10, time);
    await pace.take(1);
    time.time = 60_000;

    await pace.take(10);
    await pace.take(1);

    expect(time.time).toBe(61_000);
  });

  it('neither waits nor cuts when there is no limit', async () => {
    const time = clock();
    const pace = paced(undefined, time);
    await pace.take(1_000_000);

    expect(time.time).toBe(0);
    expect(pace.groups(Array(1000).fill(0))).toHaveLength(1);
    expect(paced(5).groups(Array(1000).fill(0))).toHaveLength(40);
  });
});
