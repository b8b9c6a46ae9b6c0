import { ConnectClient } from '@aws-sdk/client-connect';
import { explain } from '#tools/cli/shared/explain.ts';
import { type Output, terminal } from '#tools/cli/shared/output.ts';
import { UsageError } from '#tools/cli/shared/usage.ts';
import {
  type CallEnd,
  createConnectInstance,
  createHttpInvoker,
  formatTranscript,
  playCall,
  withStates,
} from '#tools/flows/play/index.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';
import { checkReachable, explainEndpoint } from './endpoints.ts';
import { type CallCommand, parseCommand } from './flags.ts';
import { HELP } from './help.ts';
import { checkNames } from './names.ts';
import { NumberError, numberToCall } from './number.ts';

/** The quota of Connect is kept by the emulator too: a second or two of patience is enough. */
const ATTEMPTS = 8;

const EXIT = { reached: 0, notReached: 1, usage: 2 };

/** Plays one call and returns the exit code. */
export async function runCall(argv: string[], output: Output = terminal): Promise<number> {
  try {
    const command = parseCommand(argv);
    if (command) return await call(command, output);
    output.line(HELP);
    return EXIT.reached;
  } catch (error) {
    output.error(explain(error, 'call', explainOwn));
    return error instanceof UsageError ? EXIT.usage : EXIT.notReached;
  }
}

async function call(command: CallCommand, output: Output): Promise<number> {
  await checkReachable('connect-url', command.connectUrl);
  await checkReachable('lambda-url', command.lambdaUrl);
  const instance = createConnectInstance(connectClient(command.connectUrl), CONNECT_INSTANCE_ARN);
  await checkNames(instance, command.states);
  const { number, flow } = await numberToCall(instance, command.to);
  const transcript = await playCall({
    instance: withStates(instance, command.states),
    invoke: createHttpInvoker(command.lambdaUrl),
    flow,
    from: command.from,
    to: number,
    keys: command.keys,
    channel: command.channel,
    ...(command.hangUpAfterSeconds === undefined ? {} : { hangUpAfterSeconds: command.hangUpAfterSeconds }),
  });
  if (command.json) output.line(JSON.stringify(transcript, undefined, 2));
  else for (const line of formatTranscript(transcript)) output.line(line);
  return wellEnded(transcript.end) ? EXIT.reached : EXIT.notReached;
}

/** In a queue, with an agent, or after a goodbye; a caller who hangs up wanted it so. */
function wellEnded({ kind }: CallEnd): boolean {
  return kind !== 'error' && kind !== 'cut-off';
}

function connectClient(endpoint: string): ConnectClient {
  return new ConnectClient({
    endpoint,
    region: LOCAL.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: ATTEMPTS,
  });
}

function explainOwn(error: Error): string | undefined {
  return error instanceof NumberError ? error.message : explainEndpoint(error);
}
