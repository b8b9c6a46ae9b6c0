import { ConfigurationError } from '@switchboard/core/platform/errors';
import { settleEnvironment } from '#tools/cli/shared/target.ts';

/** The flags that say which deployment is meant, and the environment variable each stands for. */
export const TARGET_FLAGS = {
  endpoint: 'AWS_ENDPOINT_URL_DYNAMODB',
  'connect-endpoint': 'AWS_ENDPOINT_URL_CONNECT',
  region: 'AWS_REGION',
  table: 'DIRECTORY_TABLE',
  instance: 'CONNECT_INSTANCE_ARN',
  stack: 'STACK_NAME',
} as const;

export type TargetFlags = { [Flag in keyof typeof TARGET_FLAGS]?: string | undefined };

const LOCAL_TARGET = {
  AWS_ENDPOINT_URL_CONNECT: 'http://127.0.0.1:3002',
  DIRECTORY_TABLE: 'DirectoryTable',
  CONNECT_INSTANCE_ARN:
    'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001',
  STACK_NAME: 'switchboard',
};

/**
 * Settles which deployment is meant, see `settleEnvironment`. The environment then says it all, as in a function.
 *
 * @param needed what the command cannot do without
 * @throws {ConfigurationError} lists everything that is missing or wrong
 */
export function settlePhonebookTarget<Flag extends 'table' | 'instance' | 'stack'>(
  flags: TargetFlags,
  needed: readonly Flag[],
  environment = process.env,
): Record<Flag, string> {
  settleEnvironment(environment, flags, TARGET_FLAGS, LOCAL_TARGET);
  const faults = [
    ...(['endpoint', 'connect-endpoint'] as const).flatMap((flag) => {
      const url = environment[TARGET_FLAGS[flag]];
      const fine = !url || (/^https?:\/\/[^/]/.test(url) && URL.canParse(url));
      return fine ? [] : [`--${flag} must be a URL such as http://127.0.0.1:8000`];
    }),
    ...(['region', ...needed] as const).flatMap((flag) =>
      environment[TARGET_FLAGS[flag]] ? [] : [`--${flag} (${TARGET_FLAGS[flag]}) is missing`],
    ),
  ];
  const instance = environment.CONNECT_INSTANCE_ARN;
  if (instance && !/^arn:[^:]+:connect:[^:]+:\d+:instance\/[a-f0-9-]{36}$/.test(instance)) {
    faults.push(
      '--instance must be the ARN of a Connect instance (arn:aws:connect:REGION:ACCOUNT:instance/ID)',
    );
  }
  if (faults.length > 0) {
    throw new ConfigurationError(
      'CONFIGURATION',
      `The target is not set up: ${faults.join('; ')}. Without --endpoint and --region the machine of npm start is meant.`,
    );
  }
  return Object.fromEntries(needed.map((flag) => [flag, environment[TARGET_FLAGS[flag]] ?? ''])) as Record<
    Flag,
    string
  >;
}
