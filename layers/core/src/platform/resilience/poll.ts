/**
 * Reads until the result is as expected, and waits before each further read.
 *
 * @param waitsMs one wait before each further read
 * @returns the last result, also when it is not as expected
 */
export async function poll<Result>(
  read: () => Promise<Result>,
  isExpected: (result: Result) => boolean,
  waitsMs: readonly number[],
  wait: (milliseconds: number) => Promise<void>,
): Promise<Result> {
  let result = await read();
  for (const pauseMs of waitsMs) {
    if (isExpected(result)) break;
    await wait(pauseMs);
    result = await read();
  }
  return result;
}
