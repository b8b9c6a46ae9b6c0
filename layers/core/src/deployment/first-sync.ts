import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings } from '#core/platform/client-settings.ts';
import { isOutage } from '#core/platform/errors.ts';

/**
 * Starts a function, and does not wait for its result.
 * - `REFUSED`: the role has no right for it, or AWS does not apply a new role yet.
 * - `NO_ANSWER`: Lambda did not answer, so it may or may not have started the function.
 */
export type StartFunction = (arn: string) => Promise<'STARTED' | 'REFUSED' | 'NO_ANSWER'>;

/** The output of the stack for each result. The schedule starts the sync too, so no result fails a deployment. */
export const FIRST_SYNC_OUTPUTS = {
  STARTED: 'started',
  REFUSED:
    'not started, because Lambda refused lambda:InvokeFunction to the role of ConnectSetupFunction: the schedule starts it',
  NO_ANSWER: 'not started, because Lambda did not answer: the schedule starts it',
} as const;

/** This file is separate, because importing it loads the Lambda client. */
export function createFunctionStarter(
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
