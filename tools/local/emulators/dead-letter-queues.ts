import { randomUUID } from 'node:crypto';
import { openJsonFile } from '#tools/local/json-file.ts';

export interface QueueMessage {
  messageId: string;
  sentAt: string;
  body: string;
  attributes: Record<string, string>;
}

/** The dead-letter queues of the template. `GET /_queues` on the Lambda port shows them. */
export interface DeadLetterQueues {
  /** @param arn of one of the template's queues */
  send(arn: string, body: string, attributes?: Record<string, string>): void;
  all(): Record<string, QueueMessage[]>;
}

export function createDeadLetterQueues(dataDir: string | undefined, names: string[]): DeadLetterQueues {
  const file = openJsonFile<Record<string, QueueMessage[]>>(dataDir, 'queues.json', {});
  const queues = new Map(names.map((name) => [name, file.value[name] ?? []]));
  return {
    send(arn, body, attributes = {}) {
      const name = arn.split(':').at(-1) ?? arn;
      const queue = queues.get(name) ?? [];
      queue.push({ messageId: randomUUID(), sentAt: new Date().toISOString(), body, attributes });
      queues.set(name, queue);
      file.save(Object.fromEntries(queues));
    },
    all: () => Object.fromEntries(queues),
  };
}
