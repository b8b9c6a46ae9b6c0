import { parseArgs } from 'node:util';
import { UsageError } from '#tools/cli/shared/usage.ts';
import {
  checkState,
  type DestinationStates,
  type KeyEntry,
  KeysError,
  parseKeys,
  StateError,
} from '#tools/flows/play/index.ts';

export interface CallCommand {
  /** Undefined when the number is withheld. */
  from: string | undefined;
  /** Undefined: the number that leads to a flow. */
  to: string | undefined;
  keys: KeyEntry[];
  states: DestinationStates;
  channel: 'VOICE' | 'CHAT';
  hangUpAfterSeconds: number | undefined;
  json: boolean;
  lambdaUrl: string;
  connectUrl: string;
}

/** The first contact of the demo data. */
const USUAL_CALLER = '+14155550100';
/** What Connect writes instead of a number that is withheld. */
const WITHHELD = 'anonymous';

const FLAGS = {
  from: { type: 'string' },
  to: { type: 'string' },
  keys: { type: 'string', multiple: true },
  agent: { type: 'string', multiple: true },
  queue: { type: 'string', multiple: true },
  channel: { type: 'string' },
  'hang-up': { type: 'string' },
  json: { type: 'boolean' },
  'lambda-url': { type: 'string' },
  'connect-url': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the command line.
 *
 * @returns undefined when help is wanted
 * @throws {UsageError} names the flag that is wrong
 */
export function parseCommand(argv: string[]): CallCommand | undefined {
  const values = parse(argv);
  if (values.help) return undefined;
  return {
    from: values.from === WITHHELD ? undefined : numberOf('from', values.from ?? USUAL_CALLER),
    to: values.to === undefined ? undefined : numberOf('to', values.to),
    keys: keysOf(values.keys ?? []),
    states: { agents: statesOf('agent', values.agent ?? []), queues: statesOf('queue', values.queue ?? []) },
    channel: channelOf(values.channel ?? 'voice'),
    hangUpAfterSeconds: secondsOf(values['hang-up']),
    json: values.json === true,
    lambdaUrl: urlOf('lambda-url', values['lambda-url'] ?? 'http://127.0.0.1:3001'),
    connectUrl: urlOf('connect-url', values['connect-url'] ?? 'http://127.0.0.1:3002'),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args: glued(args), options: FLAGS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `--keys -` and `--keys -,1` are no flags: a value that begins with a dash needs the equals sign in parseArgs. */
function glued(args: string[]): string[] {
  const at = args.findIndex((arg, index) => arg === '--keys' && /^-(?!-)/.test(args[index + 1] ?? ''));
  if (at < 0) return args;
  return [...args.slice(0, at), `--keys=${args[at + 1]}`, ...glued(args.slice(at + 2))];
}

/** E.164, as Connect has it; what people write in between is left out. */
function numberOf(flag: string, value: string): string {
  const number = value.replace(/[\s().-]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(number)) return number;
  const withheld = flag === 'from' ? `, or ${WITHHELD}` : '';
  throw new UsageError(`--${flag} is a number with its country code, such as ${USUAL_CALLER}${withheld}.`);
}

function keysOf(given: string[]): KeyEntry[] {
  return orUsage('--keys', () => parseKeys(given.join(' ')));
}

function statesOf(flag: 'agent' | 'queue', given: string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.lastIndexOf('=');
      if (equals < 1) throw new UsageError(`--${flag} ${text}: write NAME=STATE.`);
      const state = text.slice(equals + 1);
      orUsage(`--${flag} ${text}`, () => checkState(flag, state));
      return [text.slice(0, equals), state];
    }),
  );
}

/** What the player refuses of a flag is a wrong flag. */
function orUsage<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof KeysError || error instanceof StateError)
      throw new UsageError(`${flag}: ${error.message}`);
    throw error;
  }
}

function channelOf(value: string): 'VOICE' | 'CHAT' {
  const channel = value.toUpperCase();
  if (channel === 'VOICE' || channel === 'CHAT') return channel;
  throw new UsageError('--channel is voice or chat.');
}

function secondsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  throw new UsageError('--hang-up is a whole number of seconds after the beginning of the call.');
}

function urlOf(flag: string, value: string): string {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value.replace(/\/+$/, '');
  throw new UsageError(`--${flag} is a URL such as http://127.0.0.1:3001.`);
}
