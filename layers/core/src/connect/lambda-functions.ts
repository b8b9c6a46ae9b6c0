import {
  AssociateLambdaFunctionCommand,
  DisassociateLambdaFunctionCommand,
  paginateListLambdaFunctions,
} from '@aws-sdk/client-connect';
import type { Connect } from './connect.ts';
import { NOT_FOUND, unlessRefused } from './errors.ts';

/** The ARNs of the functions that the instance may invoke. */
export async function listLambdaFunctions({ client, instanceId }: Connect): Promise<string[]> {
  const arns: string[] = [];
  const pages = paginateListLambdaFunctions({ client, pageSize: 25 }, { InstanceId: instanceId });
  for await (const { LambdaFunctions = [] } of pages) arns.push(...LambdaFunctions);
  return arns;
}

/** Lets the instance invoke a function. Does nothing when another run has done it. */
export async function associateLambdaFunction({ client, instanceId }: Connect, arn: string): Promise<void> {
  const associate = new AssociateLambdaFunctionCommand({ InstanceId: instanceId, FunctionArn: arn });
  await unlessRefused(['ResourceConflictException'], client.send(associate));
}

/** Does nothing when the instance does not have the function. */
export async function disassociateLambdaFunction(
  { client, instanceId }: Connect,
  arn: string,
): Promise<void> {
  const disassociate = new DisassociateLambdaFunctionCommand({ InstanceId: instanceId, FunctionArn: arn });
  await unlessRefused(NOT_FOUND, client.send(disassociate));
}
