import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';

export interface ConnectQueue {
  Id: string;
  Arn: string;
  Name: string;
  QueueType: 'STANDARD' | 'AGENT';
}

/** Connect gives every new instance its BasicQueue; the other is for callers who shall not wait. */
export const QUEUES: readonly ConnectQueue[] = [
  queue('10ca1000-5017-4b0a-8d00-0000000000b1', 'BasicQueue'),
  queue('10ca1000-5017-4b0a-8d00-0000000000b2', 'VIP'),
];

function queue(Id: string, Name: string): ConnectQueue {
  return { Id, Arn: `${CONNECT_INSTANCE_ARN}/queue/${Id}`, Name, QueueType: 'STANDARD' };
}
