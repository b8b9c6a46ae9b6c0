import * as v from 'valibot';
import { ConfigurationError } from './errors.ts';

const required = (what: string) =>
  v.pipe(v.string(`is missing: ${what}`), v.trim(), v.nonEmpty(`is empty: ${what}`));

const wholeNumber = (what: string, [min, max]: [number, number], unit = '') => {
  const sentence = `must be a number${unit} between ${min} and ${max}`;
  return v.pipe(
    required(what),
    v.regex(/^\d{1,4}$/, sentence),
    v.transform(Number),
    v.minValue(min, sentence),
    v.maxValue(max, sentence),
  );
};

const milliseconds = (fallback: string) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.regex(/^[1-9]\d{0,6}$/, 'must be a number of milliseconds between 1 and 9999999'),
    v.transform(Number),
  );

const MINUTES_OF_A_DAY = 'must be a number of minutes between 1 and 1440';

/** Every setting a function may read, by the name of its environment variable. */
export const settings = {
  CONTACTS_TABLE: required('the name of ContactsTable'),
  LOOKUP_TABLE: required('the name of LookupTable'),
  DIRECTORY_TABLE: required('the name of DirectoryTable'),
  MESSAGES_TABLE: required('the name of MessagesTable'),
  IDEMPOTENCY_TABLE: required('the name of IdempotencyTable'),
  ROOT_KEY_ARN: required('the ARN of the KMS HMAC key'),
  ORGANIZATION: v.pipe(
    required('the organization'),
    v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"'),
  ),
  DEFAULT_COUNTRY: v.pipe(
    required('the default country'),
    v.regex(/^[A-Z]{2}$/, 'must be two capital letters, as in ISO 3166-1 alpha-2 (US, DE)'),
  ),
  /** The versions in use, the one that writes first. */
  KEY_VERSIONS: v.pipe(
    required('the key versions in use'),
    v.regex(
      /^[1-9]\d{0,3}(,[1-9]\d{0,3}){0,3}$/,
      'must be one to four numbers such as 2,1, the one that writes first',
    ),
    v.transform((text) => text.split(',').map(Number)),
    v.check((versions) => new Set(versions).size === versions.length, 'must not name a version twice'),
  ),
  /** How long a whole lookup may take. */
  LOOKUP_BUDGET_MS: milliseconds('2000'),
  CONNECT_INSTANCE_ARN: v.pipe(
    required('the ARN of the Connect instance'),
    v.regex(
      /^arn:aws[a-z-]*:connect:[a-z0-9-]+:\d{12}:instance\/[a-f0-9-]{36}$/,
      'must be the ARN of a Connect instance (arn:aws:connect:REGION:ACCOUNT:instance/ID)',
    ),
  ),
  EXTENSION_RANGE: required('the ranges of extensions, such as 1000-4999'),
  QUARANTINE_DAYS: wholeNumber('the days of quarantine', [0, 3650], ' of days'),
  /** The flow that answers direct numbers. It is found by its name. */
  DIRECT_NUMBER_FLOW: required('the name of the flow for direct numbers'),
  /** How long a reservation holds its numbers. */
  RESERVATION_MINUTES: v.pipe(
    required('the minutes that a reservation lasts'),
    v.regex(/^[1-9]\d{0,3}$/, MINUTES_OF_A_DAY),
    v.transform(Number),
    v.maxValue(1_440, MINUTES_OF_A_DAY),
  ),
  EXPORT_BUCKET: v.optional(v.string(), ''),
  /** Whether agent-activity follows the agent event stream. Without it there is no status to read. */
  AGENT_ACTIVITY: v.pipe(
    v.optional(v.string(), 'off'),
    v.picklist(['on', 'off'], 'must be on or off'),
    v.transform((text) => text === 'on'),
  ),
  AGENT_HISTORY_DAYS: wholeNumber('the days for which changes of agents are kept', [0, 3650], ' of days'),
  /** The time zone of the times that callers hear. */
  TIME_ZONE: v.pipe(
    v.optional(v.string(), 'UTC'),
    v.trim(),
    v.check(isTimeZone, 'must be the name of a time zone, such as Europe/Berlin'),
  ),
  MESSAGE_RETENTION_DAYS: wholeNumber('the days for which messages are kept', [1, 3650], ' of days'),
  /** Whether texts may be sent to numbers that are neither a contact's nor in the directory. */
  ALLOW_UNKNOWN_RECIPIENTS: v.pipe(
    v.optional(v.string(), 'false'),
    v.picklist(['true', 'false'], 'must be true or false'),
    v.transform((text) => text === 'true'),
  ),
  /** The sender of texts. When it is empty, no texts are sent. */
  SMS_ORIGINATION_IDENTITY: v.pipe(
    v.optional(v.string(), ''),
    v.regex(
      /^$|^FROM_NUMBER$|^arn:aws[a-z-]*:sms-voice:/,
      'must be empty, FROM_NUMBER or the ARN of a pool, a phone number or a sender id',
    ),
  ),
  SMS_MESSAGES_PER_SECOND: wholeNumber('the messages a second of one sender', [1, 1000]),
} as const;

/** The list takes 1 ms, the first formatter of a process 13 ms. The list does not have the aliases of time zones. */
function isTimeZone(name: string): boolean {
  if (name === 'UTC' || Intl.supportedValuesOf('timeZone').includes(name)) return true;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

type Settings = typeof settings;
type SettingValues<Name extends keyof Settings> = { [K in Name]: v.InferOutput<Settings[K]> };

/**
 * Reads the named settings once, at import.
 *
 * @throws {ConfigurationError} lists every missing or malformed setting at once, by name, without its value.
 *
 * @example const env = readEnv('CONTACTS_TABLE', 'LOOKUP_TABLE');
 */
export function readEnv<Name extends keyof Settings>(...names: Name[]): SettingValues<Name> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const name of names) {
    const result = v.safeParse(settings[name], process.env[name]);
    if (result.success) values[name] = result.output;
    else faults.push(`${name} ${result.issues[0].message}`);
  }
  if (faults.length > 0) {
    throw new ConfigurationError('CONFIGURATION', `The environment is not set up: ${faults.join('; ')}.`);
  }
  return values as SettingValues<Name>;
}
