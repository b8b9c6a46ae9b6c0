import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './client.ts';

/** The fields of a request that hold its condition. */
export interface Condition {
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
}

/** How a conditional write ended. */
export type ConditionalWrite<Output> =
  | { kind: 'WRITTEN'; output: Output }
  | {
      kind: 'CONDITION_FAILED';
      /** With `ReturnValuesOnConditionCheckFailure: 'ALL_OLD'`, the item that exists; undefined when there is none. */
      stored: Item | undefined;
    };

/**
 * Waits for one conditional write.
 *
 * @returns false when its condition failed; every other error propagates
 *
 * @example if (!(await writeIf(client.send(new PutCommand(request))))) throw versionConflict();
 */
export async function writeIf(write: Promise<unknown>): Promise<boolean> {
  return (await attemptWrite(write)).kind === 'WRITTEN';
}

/** Waits for one conditional write, and tells what is stored when its condition failed. Every other error propagates. */
export async function attemptWrite<Output>(write: Promise<Output>): Promise<ConditionalWrite<Output>> {
  try {
    return { kind: 'WRITTEN', output: await write };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
    // The document client leaves the items of errors in their stored form.
    const { Item } = error as Error & { Item?: Parameters<typeof unmarshall>[0] };
    return { kind: 'CONDITION_FAILED', stored: Item && unmarshall(Item) };
  }
}

/** The condition that the table has no item with this key. */
export const IF_ITEM_MISSING: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };

/**
 * The condition that attributes have these values. Undefined: that the attribute does not exist.
 *
 * @example ifAttributesAre({ state: 'SENDING', claim })
 */
export function ifAttributesAre(attributes: Record<string, unknown>): Required<Condition> {
  const names = Object.keys(attributes);
  return {
    ConditionExpression: names
      .map((name) =>
        attributes[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :is_${name}`,
      )
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      names.filter((name) => attributes[name] !== undefined).map((name) => [`:is_${name}`, attributes[name]]),
    ),
  };
}

/**
 * Reads why DynamoDB rejected a conditional write or a transaction.
 *
 * @returns the positions of the actions whose condition failed; none when the write met another one, or a throttle,
 * and can be repeated; undefined for every other error
 */
export function failedConditions(error: unknown): number[] | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ConditionalCheckFailedException') return [0];
  if (CONTENTION_ERRORS.has(error.name)) return [];
  if (error.name !== 'TransactionCanceledException') return undefined;
  const { CancellationReasons: reasons = [] } = error as Error & {
    CancellationReasons?: { Code?: string }[];
  };
  const codes = reasons.map(({ Code }) => Code ?? 'None');
  if (codes.some((code) => code !== 'None' && code !== CONDITION_FAILED && !CONTENTION_CODES.has(code))) {
    return undefined;
  }
  return codes.flatMap((code, position) => (code === CONDITION_FAILED ? [position] : []));
}

/** Another write, or many of them: while a pool is seeded, all its writes go to one partition of the index. */
const CONTENTION_ERRORS = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);
const CONDITION_FAILED = 'ConditionalCheckFailed';
const CONTENTION_CODES = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
]);
