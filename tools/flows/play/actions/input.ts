import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { KeyEntry, KeyPress } from '#tools/flows/play/keys.ts';
import { objectAt, textAt } from '#tools/json.ts';
import { done, failed, type Outcome, type Played, parameter, wholeNumber } from './action.ts';
import { promptOf } from './messages.ts';

/** What `$.StoredCustomerInput` holds when nothing was keyed, as *Store customer input* documents it. */
const NOTHING_KEYED = 'Timeout';
const DEFAULT_TERMINATOR = '#';
const DEFAULT_BETWEEN_KEYS_SECONDS = 5;
/** How long a caller listens who keys while the question is being asked. */
const AT_ONCE_MS = 1_000;
const CANCEL = '*';

export function getParticipantInput(played: Played): Outcome {
  const { call, action } = played;
  if (call.contact.channel !== 'VOICE') return failed('it is for telephone calls only');
  const stores = textAt(action.parameters, 'StoreInput') === 'True';
  const limitSeconds = wholeNumber(
    parameter(played, 'InputTimeLimitSeconds'),
    'InputTimeLimitSeconds',
    1,
    180,
  );
  const input = stores ? inputRules(played) : undefined;
  const entry = call.nextKeys();
  if (!ask(played, entry)) return done;
  const first = entry?.presses[0];
  if (!entry || !first || first.afterSeconds >= limitSeconds) {
    call.advance(limitSeconds * 1_000);
    if (call.interruption()) return done;
    call.record({ type: 'keyed', keys: '', outcome: 'timeout', ...unused(entry?.presses) });
    if (!input) return failed('no key was pressed in time', 'InputTimeLimitExceeded');
    call.storedInput = NOTHING_KEYED;
    return done;
  }
  return input ? store(played, entry, input) : choose(played, entry, first);
}

/** Asks the question; false when something interrupted the call. */
function ask(played: Played, entry: KeyEntry | undefined): boolean {
  const { call } = played;
  const prompt = promptOf(played);
  call.lastWords = undefined;
  call.silentLambdaMs = 0;
  if (!prompt) return call.advance(0);
  const interrupted = entry?.atOnce === true;
  call.record({ type: 'said', text: prompt.text, question: true, ...(interrupted ? { interrupted } : {}) });
  return call.advance(interrupted ? Math.min(AT_ONCE_MS, prompt.lastsMs) : prompt.lastsMs);
}

/** One key, for a menu. */
function choose({ call, action }: Played, entry: KeyEntry, first: KeyPress): Outcome {
  for (const { condition } of action.conditions) {
    if (condition.operator === 'Equals' && condition.operands.every((key) => /^[0-9*#]$/.test(key))) continue;
    throw new FlowError('A menu compares with Equals and one key, nothing else.');
  }
  if (!call.advance(first.afterSeconds * 1_000)) return done;
  call.record({ type: 'keyed', keys: first.key, outcome: 'choice', ...unused(entry.presses.slice(1)) });
  return { kind: 'result', value: first.key };
}

interface InputRules {
  terminator: string;
  cancels: boolean;
  betweenKeysSeconds: number;
  maximumLength: number;
  phone: { format: string; country: string | undefined } | undefined;
}

/** @throws {FlowError} */
function inputRules({ action }: Played): InputRules {
  const dtmf = objectAt(action.parameters, 'DTMFConfiguration');
  const validation = objectAt(action.parameters, 'InputValidation');
  if (action.parameters.InputEncryption !== undefined) throw new FlowError('InputEncryption is not played.');
  const phone = objectAt(validation, 'PhoneNumberValidation');
  const custom = textAt(objectAt(validation, 'CustomValidation'), 'MaximumLength');
  const format = textAt(phone, 'NumberFormat');
  if ((format === undefined) === (custom === undefined)) {
    throw new FlowError(
      'With StoreInput "True", InputValidation has either CustomValidation.MaximumLength or PhoneNumberValidation.',
    );
  }
  const between = textAt(dtmf, 'InterdigitTimeLimitSeconds') ?? String(DEFAULT_BETWEEN_KEYS_SECONDS);
  return {
    terminator: textAt(dtmf, 'InputTerminationSequence') ?? DEFAULT_TERMINATOR,
    cancels: textAt(dtmf, 'DisableCancelKey') !== 'True',
    betweenKeysSeconds: wholeNumber(between, 'InterdigitTimeLimitSeconds', 1, 20),
    maximumLength: wholeNumber(custom ?? '20', 'MaximumLength', 1, 512),
    phone: format === undefined ? undefined : { format, country: textAt(phone, 'CountryCode') },
  };
}

/** Several keys, up to the terminator, the longest input or a long pause. */
function store({ call }: Played, entry: KeyEntry, rules: InputRules): Outcome {
  let keyed = '';
  let used = 0;
  let ended = false;
  for (const { key, afterSeconds } of entry.presses) {
    if (used > 0 && afterSeconds >= rules.betweenKeysSeconds) break;
    if (!call.advance(afterSeconds * 1_000)) return done;
    used += 1;
    keyed = key === CANCEL && rules.cancels ? '' : keyed + key;
    ended = keyed.endsWith(rules.terminator);
    if (ended || keyed.length === rules.maximumLength) break;
  }
  const input = ended ? keyed.slice(0, -rules.terminator.length) : keyed;
  if (!ended && keyed.length < rules.maximumLength && !call.advance(rules.betweenKeysSeconds * 1_000))
    return done;
  const keys = entry.presses
    .slice(0, used)
    .map(({ key }) => key)
    .join('');
  call.record({ type: 'keyed', keys, outcome: 'stored', ...unused(entry.presses.slice(used)) });
  return rules.phone ? storePhone(call, input, rules.phone) : storeInput(call, input);
}

function storeInput(call: Played['call'], input: string): Outcome {
  call.storedInput = input;
  return done;
}

function storePhone(call: Played['call'], input: string, phone: NonNullable<InputRules['phone']>): Outcome {
  const { format, country } = phone;
  const local = format === 'Local' && country && isSupportedCountry(country) ? country : undefined;
  const number = parsePhoneNumberFromString(local ? input : `+${input}`, local);
  if (!number?.isValid()) return failed('what was keyed is no telephone number', 'InvalidPhoneNumber');
  return storeInput(call, number.number);
}

function unused(presses: KeyPress[] = []): { unused?: string } {
  return presses.length === 0 ? {} : { unused: presses.map(({ key }) => key).join('') };
}
