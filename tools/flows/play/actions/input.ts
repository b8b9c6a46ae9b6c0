import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { NO_INPUT } from '#tools/flows/model/action-model.ts';
import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import type { KeyEntry, KeyPress } from '#tools/flows/play/keys.ts';
import { objectAt, textAt } from '#tools/json.ts';
import { type ActionContext, type ActionOutcome, DONE, failed, parameter, wholeNumber } from './action.ts';
import { resolvePrompt } from './messages.ts';

const DEFAULT_TERMINATOR = '#';
const DEFAULT_BETWEEN_KEYS_SECONDS = 5;
/** The time that a caller listens before pressing a key during a prompt. */
const DURING_PROMPT_MS = 1_000;
const CANCEL = '*';

export function getParticipantInput(context: ActionContext): ActionOutcome {
  const { call, action } = context;
  if (call.contact.channel !== 'VOICE') return failed('the action supports only voice calls');
  const stores = textAt(action.parameters, 'StoreInput') === 'True';
  const limitSeconds = wholeNumber(
    parameter(context, 'InputTimeLimitSeconds'),
    'InputTimeLimitSeconds',
    1,
    180,
  );
  const input = stores ? inputRules(context) : undefined;
  const entry = call.nextKeys();
  if (!playQuestion(context, entry)) return DONE;
  const first = entry?.presses[0];
  if (!entry || !first || first.afterSeconds >= limitSeconds) {
    call.advance(limitSeconds * 1_000);
    if (call.interruption()) return DONE;
    call.record({ type: 'keyed', keys: '', outcome: 'timeout', ...unused(entry?.presses) });
    if (!input) return failed('no key was pressed in time', 'InputTimeLimitExceeded');
    call.storedInput = NO_INPUT;
    return DONE;
  }
  return input ? storeKeys(context, entry, input) : chooseOption(context, entry, first);
}

/** Plays the question. Returns false if the call was interrupted. */
function playQuestion(context: ActionContext, entry: KeyEntry | undefined): boolean {
  const { call } = context;
  const prompt = resolvePrompt(context);
  call.lastMessage = undefined;
  call.lambdaMsSincePrompt = 0;
  if (!prompt) return call.advance(0);
  const interrupted = entry?.duringPrompt === true;
  call.record({ type: 'said', text: prompt.text, question: true, ...(interrupted ? { interrupted } : {}) });
  return call.advance(interrupted ? Math.min(DURING_PROMPT_MS, prompt.lastsMs) : prompt.lastsMs);
}

/** Handles a menu, which takes one key. */
function chooseOption({ call, action }: ActionContext, entry: KeyEntry, first: KeyPress): ActionOutcome {
  for (const { condition } of action.conditions) {
    if (condition.operator === 'Equals' && condition.operands.every((key) => /^[0-9*#]$/.test(key))) continue;
    throw new FlowError('A condition of a menu must be Equals with one key.');
  }
  if (!call.advance(first.afterSeconds * 1_000)) return DONE;
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
function inputRules({ action }: ActionContext): InputRules {
  const dtmf = objectAt(action.parameters, 'DTMFConfiguration');
  const validation = objectAt(action.parameters, 'InputValidation');
  if (action.parameters.InputEncryption !== undefined)
    throw new FlowError('The player does not support InputEncryption.');
  const phone = objectAt(validation, 'PhoneNumberValidation');
  const custom = textAt(objectAt(validation, 'CustomValidation'), 'MaximumLength');
  const format = textAt(phone, 'NumberFormat');
  if ((format === undefined) === (custom === undefined)) {
    throw new FlowError(
      'With StoreInput "True", set InputValidation to either CustomValidation.MaximumLength or PhoneNumberValidation.',
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

/** Stores keys up to the terminator, the maximum length, or a long pause. */
function storeKeys({ call }: ActionContext, entry: KeyEntry, rules: InputRules): ActionOutcome {
  let keyed = '';
  let used = 0;
  let ended = false;
  for (const { key, afterSeconds } of entry.presses) {
    if (used > 0 && afterSeconds >= rules.betweenKeysSeconds) break;
    if (!call.advance(afterSeconds * 1_000)) return DONE;
    used += 1;
    keyed = key === CANCEL && rules.cancels ? '' : keyed + key;
    ended = keyed.endsWith(rules.terminator);
    if (ended || keyed.length === rules.maximumLength) break;
  }
  const input = ended ? keyed.slice(0, -rules.terminator.length) : keyed;
  if (!ended && keyed.length < rules.maximumLength && !call.advance(rules.betweenKeysSeconds * 1_000))
    return DONE;
  const keys = entry.presses
    .slice(0, used)
    .map(({ key }) => key)
    .join('');
  call.record({ type: 'keyed', keys, outcome: 'stored', ...unused(entry.presses.slice(used)) });
  return rules.phone ? storePhone(call, input, rules.phone) : storeInput(call, input);
}

function storeInput(call: ActionContext['call'], input: string): ActionOutcome {
  call.storedInput = input;
  return DONE;
}

function storePhone(
  call: ActionContext['call'],
  input: string,
  phone: NonNullable<InputRules['phone']>,
): ActionOutcome {
  const { format, country } = phone;
  const local = format === 'Local' && country && isSupportedCountry(country) ? country : undefined;
  const number = parsePhoneNumberFromString(local ? input : `+${input}`, local);
  if (!number?.isValid()) return failed('the keyed input is not a phone number', 'InvalidPhoneNumber');
  return storeInput(call, number.number);
}

function unused(presses: KeyPress[] = []): { unused?: string } {
  return presses.length === 0 ? {} : { unused: presses.map(({ key }) => key).join('') };
}
