import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings } from '../platform/aws.ts';
import { ConfigurationError } from '../platform/errors.ts';
import { isOutage } from '../platform/resilience.ts';

/** Starts a function and does not wait for it: true when Lambda took the event. */
export type StartFunction = (arn: string) => Promise<boolean>;

/** Stands alone, because whoever imports it loads the whole Lambda client. */
export function createStartFunction(): StartFunction {
  const client = new LambdaClient(clientSettings('LAMBDA', 10_000));
  return async function startFunction(arn) {
    try {
      await client.send(new InvokeCommand({ FunctionName: arn, InvocationType: 'Event', Payload: '{}' }));
      return true;
    } catch (error) {
      // The schedule starts it within minutes: no reason to fail a deployment.
      if (isOutage(error)) return false;
      if (!(error instanceof Error) || !error.name.startsWith('AccessDenied')) throw error;
      throw new ConfigurationError(
        'ACCESS_DENIED',
        'Missing rights: Lambda refused lambda:InvokeFunction on AgentSyncFunction to the role of ConnectSetupFunction.',
        { cause: error },
      );
    }
  };
}
