import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Runs a script that measures a built function, and returns the samples that it sends. It runs in its own process,
 * because a function writes its log to standard output.
 *
 * @param environment the settings of the function, in addition to those that Lambda sets
 */
export async function measureInChild<Samples>(
  script: string,
  environment: Record<string, string>,
): Promise<Samples> {
  const child = fork(script, {
    env: {
      ...process.env,
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      POWERTOOLS_SERVICE_NAME: 'bench',
      POWERTOOLS_METRICS_NAMESPACE: 'Switchboard',
      DEFAULT_COUNTRY: 'US',
      ORGANIZATION: 'bench',
      ROOT_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/bench',
      KEY_VERSIONS: '1',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The measuring process ended with ${code} before it reported.`);
  });
  const [samples] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  child.kill();
  return samples;
}

/** Starts an emulator of KMS that has the key of `createBenchKeyring`. */
export async function startKmsEmulator(): Promise<{ url: string; stop(): void }> {
  const kms = createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ Mac: Buffer.alloc(64, 7).toString('base64') }));
  }).listen(0, '127.0.0.1');
  await once(kms, 'listening');
  return {
    url: `http://127.0.0.1:${(kms.address() as AddressInfo).port}`,
    stop: () => kms.close(),
  };
}
