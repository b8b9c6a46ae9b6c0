/** What every tool has from `npm start`; each adds its own. */
const LOCAL_MACHINE: Record<string, string> = {
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/**
 * Puts into the environment which deployment is meant: a flag wins over the environment, and what is still open
 * gets the values of `npm start`, but only when the endpoint is on this machine; nobody must write into a real
 * table with settings that were guessed. A region given as a flag, without an endpoint, means AWS itself.
 *
 * @param variables the environment variable that each flag stands for
 * @param local what the tool has from `npm start`, beside the endpoint of DynamoDB, the region and the credentials
 */
export function settleEnvironment(
  environment: NodeJS.ProcessEnv,
  flags: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>>,
  local: Readonly<Record<string, string>>,
): void {
  for (const [flag, name] of Object.entries(variables)) {
    const value = flags[flag];
    if (value !== undefined) environment[name] = value;
  }
  const endpoint = environment.AWS_ENDPOINT_URL_DYNAMODB;
  if (endpoint ? !isLocal(endpoint) : flags.region !== undefined) return;
  for (const [name, value] of Object.entries({ ...LOCAL_MACHINE, ...local })) environment[name] ||= value;
}

/** Whether an endpoint is on this machine. */
export function isLocal(endpoint: string): boolean {
  return URL.canParse(endpoint) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}
