import { ConnectClient } from '@aws-sdk/client-connect';
import type { Command } from 'commander';
import {
  type CallEnd,
  checkState,
  createConnectInstance,
  createHttpInvoker,
  type DestinationStates,
  formatTranscript,
  type KeyEntry,
  KeysError,
  parseKeys,
  playCall,
  StateError,
  withStates,
} from '#tools/flows/play/index.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';
import { checkEndpoint, describeBrokenConnection } from './call/check-endpoint.ts';
import { checkNames } from './call/check-names.ts';
import { findNumberToCall } from './call/find-number.ts';
import type { CliContext, Output } from './context.ts';
import { CommandError, UsageError } from './errors.ts';
import { addParsedOption, collect, endpointUrl, oneOf } from './options.ts';

/** The emulator of Connect keeps the quota, too. These attempts take a second or two. */
const MAX_ATTEMPTS = 8;
/** The first contact of the demo data. */
const DEFAULT_CALLER = '+14155550100';
/** What Connect writes instead of a number that is withheld. */
const WITHHELD = 'anonymous';
const CHANNELS = ['voice', 'chat'] as const;

const KEYS_HELP = `
Keys: one entry for each question, separated by commas or spaces.
  0-9 * #   a key         letter   the key that it stands on
  -         no key        .        wait for a second
  !         at the beginning: press the keys while the question is still playing`;

interface CallOptions {
  from: string;
  /** Undefined: the first number that leads to a flow. */
  to?: string;
  keys?: string[];
  agent?: string[];
  queue?: string[];
  channel: (typeof CHANNELS)[number];
  hangUp?: number;
  json?: boolean;
  lambdaEndpoint: string;
  connectEndpoint: string;
}

export function configureCall(command: Command, context: CliContext): void {
  const caller = `the number of the caller, with the country code, or ${WITHHELD}`;
  addParsedOption(command, '--from <number>', caller, parseCaller, DEFAULT_CALLER);
  const called = 'the number to call (default: the first that leads to a flow)';
  addParsedOption(command, '--to <number>', called, parseNumber);
  addParsedOption(command, '--keys <keys>', 'what the caller presses; can be repeated', collect);
  const agents = 'available, busy, away, offline, silent, full, or answers:SECONDS; can be repeated';
  addParsedOption(command, '--agent <name=state>', `state of an agent, by user name: ${agents}`, collect);
  const queues = 'open, unstaffed, silent, full, or answers:SECONDS; can be repeated';
  addParsedOption(command, '--queue <name=state>', `state of a queue: ${queues}`, collect);
  addParsedOption(command, '--channel <channel>', 'voice or chat', oneOf(CHANNELS), 'voice');
  const hangUp = 'the caller hangs up this long after the call begins';
  addParsedOption(command, '--hang-up <seconds>', hangUp, secondsOf);
  command.option('--json', 'print one JSON object');
  addEndpoint(command, '--lambda-endpoint <url>', 'endpoint of Lambda', 'http://127.0.0.1:3001');
  addEndpoint(command, '--connect-endpoint <url>', 'endpoint of Amazon Connect', 'http://127.0.0.1:3002');
  command.addHelpText('after', KEYS_HELP).action(async (options: CallOptions) => {
    try {
      context.exitCode = await call(options, context.output);
    } catch (error) {
      const message = describeBrokenConnection(error);
      throw message === undefined ? error : new CommandError(message, { cause: error });
    }
  });
}

function addEndpoint(command: Command, flags: string, description: string, fallback: string): void {
  addParsedOption(command, flags, description, endpointUrl, fallback);
}

async function call(options: CallOptions, output: Output): Promise<number> {
  const keys = keysOf(options.keys);
  const states = {
    agents: parseStates('agent', options.agent),
    queues: parseStates('queue', options.queue),
  } satisfies DestinationStates;
  await checkEndpoint('connect-endpoint', options.connectEndpoint);
  await checkEndpoint('lambda-endpoint', options.lambdaEndpoint);
  const instance = createConnectInstance(connectClient(options.connectEndpoint), CONNECT_INSTANCE_ARN);
  await checkNames(instance, states);
  const { number, flow } = await findNumberToCall(instance, options.to);
  const transcript = await playCall({
    instance: withStates(instance, states),
    invoke: createHttpInvoker(options.lambdaEndpoint),
    flow,
    from: options.from === WITHHELD ? undefined : options.from,
    to: number,
    keys,
    channel: options.channel === 'chat' ? 'CHAT' : 'VOICE',
    ...(options.hangUp === undefined ? {} : { hangUpAfterSeconds: options.hangUp }),
  });
  if (options.json) output.line(JSON.stringify(transcript, undefined, 2));
  else for (const line of formatTranscript(transcript)) output.line(line);
  return isCompleted(transcript.end) ? 0 : 1;
}

/** The call reached a queue or an agent, or ended with a goodbye. A caller who hangs up does so on purpose. */
function isCompleted({ kind }: CallEnd): boolean {
  return kind !== 'error' && kind !== 'cut-off';
}

function connectClient(endpoint: string): ConnectClient {
  return new ConnectClient({
    endpoint,
    region: LOCAL.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: MAX_ATTEMPTS,
  });
}

function parseCaller(text: string): string {
  return text === WITHHELD ? text : parseDigits(text, `, or ${WITHHELD}`);
}

function parseNumber(text: string): string {
  return parseDigits(text);
}

/** Returns the number in E.164, as Connect has it, without the characters that people write in between. */
function parseDigits(text: string, more = ''): string {
  const number = text.replace(/[\s().-]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(number)) return number;
  throw new UsageError(`must be a number with its country code, such as ${DEFAULT_CALLER}${more}.`);
}

function secondsOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError('must be a whole number of seconds after the beginning of the call.');
}

function keysOf(given: string[] = []): KeyEntry[] {
  return asUsage('--keys', () => parseKeys(given.join(' ')));
}

function parseStates(option: 'agent' | 'queue', given: string[] = []): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.lastIndexOf('=');
      if (equals < 1) throw new UsageError(`--${option} ${text}: write NAME=STATE.`);
      const state = text.slice(equals + 1);
      asUsage(`--${option} ${text}`, () => checkState(option, state));
      return [text.slice(0, equals), state];
    }),
  );
}

/** An error of the player about an option means that the command line is wrong. */
function asUsage<T>(option: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof KeysError || error instanceof StateError) {
      throw new UsageError(`${option}: ${error.message}`);
    }
    throw error;
  }
}
