import { isPortTaken } from './engine/index.ts';
import { type Options, UsageError } from './options.ts';

/**
 * Looks at every port before anything is started.
 *
 * @throws {UsageError} names all that are taken, and the flags that choose others
 */
export async function checkPorts(options: Options, ownDatabase: boolean): Promise<void> {
  const wanted = [
    { port: options.port, what: 'the REST API', flag: 'port' },
    { port: options.lambdaPort, what: 'the Lambda API', flag: 'lambda-port' },
    { port: options.connectPort, what: 'the stand-in for Connect', flag: 'connect-port' },
    ...(ownDatabase
      ? [{ port: options.dynamodbPort, what: 'the embedded DynamoDB', flag: 'dynamodb-port' }]
      : []),
  ];
  const faults: string[] = [];
  for (const { port, what, flag } of wanted) {
    const twice = port !== 0 && wanted.filter((one) => one.port === port).length > 1;
    if (twice || (port !== 0 && (await isPortTaken(port)))) {
      faults.push(
        `Port ${port} is ${twice ? 'asked for twice' : 'in use'}, which ${what} wants. ` +
          `Choose another with --${flag} (0 = any free one).`,
      );
    }
  }
  if (faults.length > 0) throw new UsageError(faults.join('\n           '));
}
