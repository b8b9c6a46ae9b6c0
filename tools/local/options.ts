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

/** What a person who started us wrongly should read, without a stack. */
export class UsageError extends Error {}

export const HELP = `npm start [-- FLAGS]: Switchboard on this machine.

  --port N              the REST API                         (3000; 0 = any free port, also below)
  --lambda-port N       the Lambda Invoke API                (3001)
  --connect-port N      the emulator for Amazon Connect      (3002)
  --dynamodb-port N     the embedded DynamoDB                (8000)
  --data-dir DIR        keep the data there; without it everything is forgotten at the end
  --no-demo             start empty, without the 25 agents and 200 contacts
  --parameter NAME=VALUE  a parameter of template.yaml, ExtensionRange=2000-2999 for example; may be repeated
  --help                this text

DYNAMODB_ENDPOINT=http://127.0.0.1:8000 uses another DynamoDB (DynamoDB Local) than the embedded one.
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
      `${(error as Error).message.split('. ')[0]}. "npm start -- --help" lists the flags.`,
    );
  }
}

function portOf(flag: string, value: string | undefined, usual: number): number {
  if (value === undefined) return usual;
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65535) return port;
  throw new UsageError(`--${flag} ${value}: a port is a number from 0 to 65535 (0 = any free one).`);
}

function parametersOf(given: string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const text of given) {
    const equals = text.indexOf('=');
    if (equals < 1) throw new UsageError(`--parameter ${text}: write NAME=VALUE.`);
    parameters[text.slice(0, equals)] = text.slice(equals + 1);
  }
  return parameters;
}
