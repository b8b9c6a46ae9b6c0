/**
 * Reads why DynamoDB refused a conditional write or a transaction.
 *
 * @returns the positions of the actions whose condition did not hold; none when the write only met another one, or a
 * throttle, and may be tried again; undefined for every other error
 */
export function refusedPositions(error: unknown): number[] | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ConditionalCheckFailedException') return [0];
  if (BUSY.has(error.name)) return [];
  if (error.name !== 'TransactionCanceledException') return undefined;
  const { CancellationReasons: reasons = [] } = error as Error & {
    CancellationReasons?: { Code?: string }[];
  };
  const codes = reasons.map(({ Code }) => Code ?? 'None');
  if (codes.some((code) => code !== 'None' && code !== CONDITION && !PASSING.has(code))) return undefined;
  return codes.flatMap((code, position) => (code === CONDITION ? [position] : []));
}

/** Another write, or many of them: a pool being seeded is one partition of the index. */
const BUSY = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);
const CONDITION = 'ConditionalCheckFailed';
const PASSING = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);
