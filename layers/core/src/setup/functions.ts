import {
  AssociateLambdaFunctionCommand,
  DisassociateLambdaFunctionCommand,
  ListLambdaFunctionsCommand,
} from '@aws-sdk/client-connect';
import { allPages } from '../platform/pages.ts';
import { type ConnectCalls, isConnectError } from './connect.ts';

/** The ARNs of the functions that the instance may invoke. */
export function listFunctions({ ask, client, instanceId }: ConnectCalls): Promise<string[]> {
  return allPages(async (token) => {
    const { LambdaFunctions, NextToken } = await ask(
      'ListLambdaFunctions',
      () =>
        client.send(
          new ListLambdaFunctionsCommand({ InstanceId: instanceId, MaxResults: 25, NextToken: token }),
        ),
      'ResourceNotFoundException',
    );
    return { entries: LambdaFunctions, next: NextToken };
  });
}

/** Lets the instance invoke a function; nothing happens when it may already. */
export async function associateFunction(
  { ask, client, instanceId }: ConnectCalls,
  arn: string,
): Promise<void> {
  try {
    await ask(
      'AssociateLambdaFunction',
      () => client.send(new AssociateLambdaFunctionCommand({ InstanceId: instanceId, FunctionArn: arn })),
      'ResourceConflictException',
    );
  } catch (error) {
    // Another run was faster.
    if (!isConnectError(error, 'ResourceConflictException')) throw error;
  }
}

/** The opposite; nothing happens when the instance does not know the function. */
export async function disassociateFunction(
  { ask, client, instanceId }: ConnectCalls,
  arn: string,
): Promise<void> {
  try {
    await ask(
      'DisassociateLambdaFunction',
      () => client.send(new DisassociateLambdaFunctionCommand({ InstanceId: instanceId, FunctionArn: arn })),
      'ResourceNotFoundException',
    );
  } catch (error) {
    if (!isConnectError(error, 'ResourceNotFoundException')) throw error;
  }
}
