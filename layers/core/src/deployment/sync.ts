import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings } from '#core/platform/client-settings.ts';
import { isOutage } from '#core/platform/errors.ts';

/**
 * Starts a function and does not wait for it. `REFUSED`: there is no right for it, or not yet, since the role may be
 * seconds old. `NO_ANSWER`: nobody knows whether it was started.
 */
export type StartFunction = (arn: string) => Promise<'STARTED' | 'REFUSED' | 'NO_ANSWER'>;

/** What the stack's output says of the first sync. The schedule starts it too: no reason to fail a deployment. */
export const FIRST_SYNC = {
  STARTED: 'started',
  REFUSED:
    'not started, because Lambda refused lambda:InvokeFunction to the role of ConnectSetupFunction: the schedule will do it',
  NO_ANSWER: 'not started, because Lambda did not answer: the schedule will do it',
} as const;

/** Stands alone, because whoever imports it loads the whole Lambda client. */
export function createStartFunction(
  client: Pick<LambdaClient, 'send'> = new LambdaClient(clientSettings('LAMBDA', 10_000)),
): StartFunction {
  return async function startFunction(arn) {
    try {
      await client.send(new InvokeCommand({ FunctionName: arn, InvocationType: 'Event', Payload: '{}' }));
      return 'STARTED';
    } catch (error) {
      if (isOutage(error)) return 'NO_ANSWER';
      if (error instanceof Error && error.name.startsWith('AccessDenied')) return 'REFUSED';
      throw error;
    }
  };
}
