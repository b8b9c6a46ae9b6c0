import { TagResourceCommand } from '@aws-sdk/client-connect';
import type { Connect } from './connect.ts';
import { NOT_FOUND, unlessRefused } from './errors.ts';

export type Tags = Record<string, string>;

/** The tags of the flows that a stack creates. */
export const FLOW_TAGS = {
  /** The name of the stack. */
  stack: 'switchboard:stack',
  /** Which of the shipped flows it is. */
  flow: 'switchboard:flow',
  /** The flow's own ID. A copy that a person saves may carry the tags too, but its ID is another one. */
  id: 'switchboard:id',
  /** The hash of the content that was sent to Connect. */
  source: 'switchboard:source',
  /** The hash of the content that Connect shows; WRITING until that is known. */
  content: 'switchboard:content',
  /** Of the inbound flow: `<number ID>/<ID of the flow that the number pointed at before>`, or without the latter for none. */
  before: 'switchboard:before',
} as const;

/** Whether tags are those of a flow that a person copied. */
export function isCopy({ id, tags }: { id: string; tags: Tags }): boolean {
  return (tags[FLOW_TAGS.id] ?? id) !== id;
}

/** Adds tags; false when the resource is gone. */
export async function tagResource({ client }: Connect, arn: string, tags: Tags): Promise<boolean> {
  const tag = new TagResourceCommand({ resourceArn: arn, tags });
  return (await unlessRefused(NOT_FOUND, client.send(tag))) !== undefined;
}
