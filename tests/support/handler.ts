import type { Context } from 'aws-lambda';

/** What the template gives the functions. */
const ENVIRONMENT = {
  CONTACTS_TABLE: 'contacts',
  LOOKUP_TABLE: 'lookup',
  DIRECTORY_TABLE: 'directory',
  MESSAGES_TABLE: 'messages',
  IDEMPOTENCY_TABLE: 'idempotency',
  CONNECT_INSTANCE_ARN:
    'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001',
  ROOT_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/root',
  KEY_VERSIONS: '1',
  ORGANIZATION: 'main',
  DEFAULT_COUNTRY: 'US',
  LOOKUP_BUDGET_MS: '2000',
  EXTENSION_RANGE: '1000-1004',
  QUARANTINE_DAYS: '30',
  RESERVATION_MINUTES: '15',
  DIRECT_NUMBER_FLOW: 'switchboard extension-transfer',
  EXPORT_BUCKET: '',
  AGENT_ACTIVITY: 'on',
  AGENT_HISTORY_DAYS: '30',
  TIME_ZONE: 'Europe/Berlin',
  MESSAGE_RETENTION_DAYS: '30',
  ALLOW_UNKNOWN_RECIPIENTS: 'false',
  SMS_ORIGINATION_IDENTITY: 'FROM_NUMBER',
  SMS_MESSAGES_PER_SECOND: '1000',
};

/** The context of an invocation, as the runtime makes it. */
export function lambdaContext(more: Partial<Context> = {}): Context {
  return {
    functionName: 'function',
    functionVersion: '7',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:function',
    awsRequestId: 'request-1',
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => 300_000,
    ...more,
  } as Context;
}

/**
 * The handler of a function, loaded before the tests of a file with the environment that the template gives it. It is
 * invoked as the runtime does, with a context.
 *
 * @param name the folder: `caller-lookup`
 */
export function loadHandler<Response, Event = unknown>(
  name: string,
  environment: Partial<Record<keyof typeof ENVIRONMENT, string>> = {},
): (event: Event, context?: Context) => Promise<Response> {
  let handler: (event: Event, context: Context) => Promise<Response>;
  beforeAll(async () => {
    Object.assign(process.env, ENVIRONMENT, environment);
    ({ handler } = await import(`#functions/${name}/index.ts`));
  });
  return (event, context = lambdaContext()) => handler(event, context);
}
