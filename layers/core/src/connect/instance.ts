import { DescribeInstanceCommand } from '@aws-sdk/client-connect';
import type { Connect } from './connect.ts';
import { NOT_FOUND, unlessRefused } from './errors.ts';

/** The status of the instance; undefined when there is no such instance. */
export async function getInstanceStatus({ client, instanceId }: Connect): Promise<string | undefined> {
  const describe = new DescribeInstanceCommand({ InstanceId: instanceId });
  const output = await unlessRefused(NOT_FOUND, client.send(describe));
  return output && (output.Instance?.InstanceStatus ?? 'no status');
}
