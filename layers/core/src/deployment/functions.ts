import {
  AssociateLambdaFunctionCommand,
  DisassociateLambdaFunctionCommand,
  ListLambdaFunctionsCommand,
} from '@aws-sdk/client-connect';
import { allPages } from '#core/platform/pages.ts';
import { askOr, type ConnectCalls, GONE, nothing } from './connect.ts';
import { instanceGone } from './instance.ts';

/**
 * The ARNs of the functions that the instance may invoke.
 *
 * @throws {ConfigurationError} `INSTANCE_GONE`
 */
export function listFunctions(calls: ConnectCalls): Promise<string[]> {
  const { client, instanceId: InstanceId } = calls;
  return allPages(async (NextToken) => {
    const list = new ListLambdaFunctionsCommand({ InstanceId, MaxResults: 25, NextToken });
    const page = await askOr(calls, 'ListLambdaFunctions', () => client.send(list), GONE, instanceGone);
    return { entries: page.LambdaFunctions, next: page.NextToken };
  });
}

/** Lets the instance invoke a function; nothing happens when it may already. */
export async function associateFunction(calls: ConnectCalls, FunctionArn: string): Promise<void> {
  const { client, instanceId: InstanceId } = calls;
  const associate = new AssociateLambdaFunctionCommand({ InstanceId, FunctionArn });
  // Another run was faster.
  const associated = ['ResourceConflictException'];
  await askOr(calls, 'AssociateLambdaFunction', () => client.send(associate), associated, nothing);
}

/** The opposite; nothing happens when the instance does not know the function. */
export async function disassociateFunction(calls: ConnectCalls, FunctionArn: string): Promise<void> {
  const { client, instanceId: InstanceId } = calls;
  const disassociate = new DisassociateLambdaFunctionCommand({ InstanceId, FunctionArn });
  await askOr(calls, 'DisassociateLambdaFunction', () => client.send(disassociate), GONE, nothing);
}
