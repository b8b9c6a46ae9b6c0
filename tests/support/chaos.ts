import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { namedError } from './directory.ts';

/** How a run is disturbed. */
export interface Chaos {
  /** The process dies at this AWS call, before or after it reached the service. */
  killAt?: number;
  side: 'before' | 'after';
  /** How many calls in a hundred are throttled, meet another transaction, or lose their answer and are repeated. */
  faults: number;
}

/** The process of a run is gone. */
export class Killed extends Error {}

/** Lets a request of a process through, or not. */
export type Mortal = <Answer>(request: () => Promise<Answer>) => Promise<Answer>;

/** A process that dies at one of its requests, as told: none of them arrives from then on, no answer is heard. */
export function mortal({ killAt, side }: Chaos): Mortal {
  let calls = 0;
  let dead = false;
  return async function call<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    const mine = calls;
    calls += 1;
    if (dead || (mine === killAt && side === 'before')) {
      dead = true;
      throw new Killed();
    }
    const [answer] = await Promise.allSettled([request()]);
    if (mine === killAt) dead = true;
    // Whatever the answer was, nobody is there to hear it.
    if (dead) throw new Killed();
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  };
}

/** A client whose process dies, and whose calls fail, as told. */
export function chaoticClient(
  client: DynamoDBDocumentClient,
  chaos: Chaos,
  random: () => number,
  call: Mortal = mortal(chaos),
): DynamoDBDocumentClient {
  function send(command: Parameters<DynamoDBDocumentClient['send']>[0]): Promise<unknown> {
    return call(async () => {
      if (random() * 100 < chaos.faults) await fail(command);
      return client.send(command);
    });
  }

  async function fail(command: Parameters<DynamoDBDocumentClient['send']>[0]): Promise<void> {
    const { name } = command.constructor;
    if (name === 'TransactWriteCommand') {
      // The client repeats a transaction with its token, and may give up while the first one is still at work.
      if (random() < 0.4) {
        await client.send(command);
        throw namedError('TransactionInProgressException');
      }
      throw namedError('TransactionCanceledException', {
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      });
    }
    const write = name !== 'GetCommand' && name !== 'QueryCommand';
    if (write && random() < 0.4) throw namedError('TransactionConflictException');
    if (write && random() < 0.7) await client.send(command);
    else throw namedError('ThrottlingException');
  }

  return { send } as unknown as DynamoDBDocumentClient;
}

/** The same numbers for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
