import { parseArgs } from 'node:util';

export interface Options {
  port: number;
  lambdaPort: number;
  connectPort: number;
  dynamodbPort: number;
  dataDir: string | undefined;
  demo: boolean;
  help: boolean;
  /** Values of the template's parameters. */
  parameters: Record<string, string>;
}

/** A mistake in the command line, the environment, or the data directory. Shown without a stack trace. */
export class UsageError extends Error {}

export const HELP = `Usage: npm start [-- FLAGS]

Runs Switchboard locally: the REST API, the Lambda functions, emulators of AWS services, and DynamoDB.

  --port N                port of the REST API (default 3000; 0 = any free port)
  --lambda-port N         port of the Lambda Invoke API (default 3001)
  --connect-port N        port of the emulator for Amazon Connect, KMS, S3, and End User Messaging (default 3002)
  --dynamodb-port N       port of the embedded DynamoDB (default 8000)
  --data-dir DIR          keep the data in DIR; by default, it is deleted when you stop
  --no-demo               start without the demo data (25 agents, 200 contacts, 12 direct numbers)
  --parameter NAME=VALUE  set a parameter of template.yaml, such as ExtensionRange=2000-2999; repeatable
  --help                  show this help

To use another DynamoDB, such as DynamoDB Local, set DYNAMODB_ENDPOINT=http://127.0.0.1:8000.
`;

/**
 * Reads the flags.
 *
 * @throws {UsageError} names the first flag that is wrong
 */
export function parseOptions(args: string[]): Options {
  const { values } = parse(args);
  return {
    port: portOf('port', values.port, 3000),
    lambdaPort: portOf('lambda-port', values['lambda-port'], 3001),
    connectPort: portOf('connect-port', values['connect-port'], 3002),
    dynamodbPort: portOf('dynamodb-port', values['dynamodb-port'], 8000),
    dataDir: values['data-dir'],
    demo: !values['no-demo'],
    help: values.help === true,
    parameters: parametersOf(values.parameter ?? []),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        'lambda-port': { type: 'string' },
        'connect-port': { type: 'string' },
        'dynamodb-port': { type: 'string' },
        'data-dir': { type: 'string' },
        'no-demo': { type: 'boolean' },
        parameter: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.split('. ')[0]}. To list the flags, run "npm start -- --help".`,
    );
  }
}

function portOf(flag: string, value: string | undefined, defaultPort: number): number {
  if (value === undefined) return defaultPort;
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65535) return port;
  throw new UsageError(`--${flag} ${value} is not a port. Use a number from 0 to 65535 (0 = any free port).`);
}

function parametersOf(given: string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const text of given) {
    const equals = text.indexOf('=');
    if (equals < 1) throw new UsageError(`--parameter ${text} has no value. Write NAME=VALUE.`);
    parameters[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return parameters;
}
