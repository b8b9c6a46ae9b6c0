import { randomUUID } from 'node:crypto';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';

/** A flow as DescribeContactFlow shows it. */
export interface ConnectFlow {
  Id: string;
  Arn: string;
  Name: string;
  Type: string;
  State: string;
  Status: string;
  Description: string;
  /** The content in the flow language, unchanged. */
  Content: string;
  /** Content that is saved but not published. */
  SavedContent?: string;
  Tags: Record<string, string>;
}

export const FLOW_TYPES = [
  'CONTACT_FLOW',
  'CUSTOMER_QUEUE',
  'CUSTOMER_HOLD',
  'CUSTOMER_WHISPER',
  'AGENT_HOLD',
  'AGENT_WHISPER',
  'OUTBOUND_WHISPER',
  'AGENT_TRANSFER',
  'QUEUE_TRANSFER',
  'CAMPAIGN',
];

/** Connect's default quota: https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html */
export const MAX_FLOWS = 100;

/** The alias for the latest saved content, published or not. */
export const SAVED_ALIAS = ':$SAVED';

export function newFlowId(): string {
  return randomUUID();
}

export function flowArn(id: string): string {
  return `${CONNECT_INSTANCE_ARN}/contact-flow/${id}`;
}

/** Extracts the ID from an ARN or ID, with or without a version (`:$SAVED`, `:2`). */
export function flowIdOf(idOrArn: string): string {
  const last = idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
  return last.replace(/:[^:]*$/, '');
}
