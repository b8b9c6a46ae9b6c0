import { setImmediate } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * A client whose calls wait at a gate. `run` lets them through one at a time, each to its end, in an order that
 * the choices decide: with the same choices everything happens in the same order again.
 */
export function gatedClient(client: DynamoDBDocumentClient, choices: Iterator<number>) {
  const waiting: (() => Promise<void>)[] = [];
  const send = (command: never) =>
    new Promise((resolve, reject) => {
      waiting.push(() => client.send(command).then(resolve, reject));
    });

  async function run<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = () => {
      over = true;
    };
    work.then(end, end);
    while (!over) {
      // What was let through before now runs on to its next call.
      await setImmediate();
      const [next] = waiting.splice(choices.next().value % Math.max(1, waiting.length), 1);
      await next?.();
    }
    return work;
  }

  return { client: { send } as unknown as DynamoDBDocumentClient, run };
}
