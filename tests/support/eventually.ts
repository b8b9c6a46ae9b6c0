/** Longer than the minute after which a schedule comes round; what a stream or an event starts takes a moment. */
const EVENTUALLY_MS = 90_000;

/** Repeats until the check accepts what it sees, or the time is over. */
export async function eventually<T>(look: () => Promise<T>, accept: (seen: T) => boolean): Promise<T> {
  const until = Date.now() + EVENTUALLY_MS;
  let seen = await look();
  while (!accept(seen) && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    seen = await look();
  }
  return seen;
}
