import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { numberAt, objectAt, textAt } from '#tools/json.ts';
import { LOCAL, type Resource, type Template } from '#tools/local/template/index.ts';

/** A Lambda function of the template. */
export interface FunctionDefinition {
  /** The template's logical id. */
  name: string;
  arn: string;
  /** The built module, an absolute path. */
  file: string;
  /** The name of the export that handles events. */
  handler: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Record<string, string>;
  /** The queue for events of asynchronous invocations that failed every retry. */
  deadLetterArn?: string;
  properties: Resource['properties'];
}

/** The endpoints of the services that the functions call. */
export interface ServiceEndpoints {
  dynamodb: string;
  connect: string;
  kms: string;
  s3: string;
  lambda: string;
  /** AWS End User Messaging, by the name with which its requests are signed. */
  'sms-voice': string;
}

/**
 * The functions of the template with their Lambda environment.
 *
 * @throws when one is not built
 */
export function functionDefinitions(
  root: string,
  template: Template,
  endpoints: ServiceEndpoints,
): FunctionDefinition[] {
  const definitions = template
    .ofType('AWS::Serverless::Function')
    .map((resource) => definition(root, resource, endpoints));
  const missing = definitions.filter(({ file }) => !existsSync(file));
  if (missing.length > 0) {
    throw new Error(
      `Not built: ${missing.map(({ name }) => name).join(', ')}. Run "npm run build" first ("npm start" does).`,
    );
  }
  return definitions;
}

function definition(root: string, resource: Resource, endpoints: ServiceEndpoints): FunctionDefinition {
  const { logicalId: name, properties } = resource;
  const [module = 'index', handler = 'handler'] = (textAt(properties, 'Handler') ?? 'index.handler').split(
    '.',
  );
  const memoryMb = numberAt(properties, 'MemorySize') ?? 128;
  const own = objectAt(objectAt(properties, 'Environment'), 'Variables');
  const deadLetterArn = textAt(objectAt(properties, 'DeadLetterQueue'), 'TargetArn');
  const folder = join(root, textAt(properties, 'CodeUri') ?? '.');
  return {
    name,
    arn: `arn:${LOCAL.partition}:lambda:${LOCAL.region}:${LOCAL.account}:function:${name}`,
    file: join(folder, `${module}.mjs`),
    handler,
    timeoutMs: (numberAt(properties, 'Timeout') ?? 3) * 1000,
    memoryMb,
    environment: {
      ...runtimeEnvironment(name, memoryMb, folder, `${module}.${handler}`),
      ...endpointEnvironment(endpoints),
      ...Object.fromEntries(Object.entries(own).map(([key, value]) => [key, String(value)])),
    },
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    properties,
  };
}

/** The variables of the runtime. The credentials are fake. */
function runtimeEnvironment(name: string, memoryMb: number, folder: string, handler: string) {
  return {
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_DEFAULT_REGION: LOCAL.region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: LOCAL.region,
    AWS_SECRET_ACCESS_KEY: 'local',
    LAMBDA_TASK_ROOT: folder,
    PATH: process.env.PATH ?? '',
    TZ: ':UTC',
  };
}

/** Services without an emulator get an address that refuses connections, so that no request reaches AWS. */
function endpointEnvironment(endpoints: ServiceEndpoints): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_CONNECT: endpoints.connect,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
    AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2: endpoints['sms-voice'],
  };
}
