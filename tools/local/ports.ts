import { createServer } from 'node:net';
import { type Options, UsageError } from './options.ts';

/**
 * Checks every port before anything starts.
 *
 * @throws {UsageError} names each port in use and the flag that changes it
 */
export async function checkPorts(options: Options, ownDatabase: boolean): Promise<void> {
  const wanted = [
    { port: options.port, what: 'the REST API', flag: 'port' },
    { port: options.lambdaPort, what: 'the Lambda API', flag: 'lambda-port' },
    { port: options.connectPort, what: 'the emulator for Connect', flag: 'connect-port' },
    ...(ownDatabase
      ? [{ port: options.dynamodbPort, what: 'the embedded DynamoDB', flag: 'dynamodb-port' }]
      : []),
  ];
  const faults: string[] = [];
  for (const { port, what, flag } of wanted) {
    const twice = port !== 0 && wanted.filter((one) => one.port === port).length > 1;
    if (twice || (port !== 0 && (await isPortTaken(port)))) {
      faults.push(
        `Port ${port} for ${what} is ${twice ? 'set twice' : 'in use'}. ` +
          `Choose another port with --${flag} (0 = any free port).`,
      );
    }
  }
  if (faults.length > 0) throw new UsageError(faults.join('\n           '));
}

/** A free port of 127.0.0.1. */
export async function findFreePort(): Promise<number> {
  const { port } = await listenOnce(0);
  return port;
}

/** Whether a port of 127.0.0.1 is taken. */
export async function isPortTaken(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return true;
    throw error;
  }
}

function listenOnce(port: number): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const taken = typeof address === 'object' && address ? address.port : port;
      server.close(() => resolve({ port: taken }));
    });
  });
}
