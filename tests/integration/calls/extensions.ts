import { DIRECT_NUMBER, STRANGER } from '#support/switchboard/people.ts';
import {
  en,
  notAnswering,
  ringing,
  type Scenario,
  type Scenarios,
  TO_OPERATOR,
  WITH_OPERATOR,
  withAgent,
} from './scenario.ts';

const ADA = 'Ada Martin';
const toAda = [en('welcome'), en('menu'), ...ringing(ADA)];

/** Extension 1042, keyed at the menu by a stranger, with Ada in some state. */
function adaIs(state: string, hears: string[], ends: Scenario['ends'] = WITH_OPERATOR): Scenario {
  return {
    from: STRANGER,
    keys: '1042#',
    states: { agents: { 'ada.martin': state } },
    hears: [en('welcome'), en('menu'), ...hears],
    ends,
  };
}

/** How an extension is keyed. */
export const EXTENSION_CALLS: Scenarios = {
  'an extension keyed at the menu, with the pound key': {
    from: STRANGER,
    keys: '1042#',
    hears: toAda,
    ends: withAgent(ADA),
  },
  'an extension keyed at the menu, without the pound key': {
    from: STRANGER,
    keys: '1042',
    hears: toAda,
    ends: withAgent(ADA),
  },
  'an extension keyed while the menu is still being read': {
    from: STRANGER,
    keys: '!1042#',
    hears: toAda,
    ends: withAgent(ADA),
  },
  'an extension keyed slowly, but not too slowly': {
    from: STRANGER,
    keys: '..10.42#',
    hears: toAda,
    ends: withAgent(ADA),
  },
  'an extension by choice 1': {
    from: STRANGER,
    keys: '1 1042#',
    hears: [en('welcome'), en('menu'), en('enter_extension'), ...ringing(ADA)],
    ends: withAgent(ADA),
  },
  'an extension by its letters': {
    from: STRANGER,
    // i is 4 and a is 2.
    keys: '10ia#',
    hears: toAda,
    ends: withAgent(ADA),
  },
  'an extension with a star in it': {
    from: STRANGER,
    keys: '10*42#',
    hears: toAda,
    ends: withAgent(ADA),
  },
  'a wrong extension, and then the right one': {
    from: STRANGER,
    keys: '1099# 1042#',
    hears: [en('welcome'), en('menu'), en('unknown_extension'), en('enter_extension'), ...ringing(ADA)],
    ends: withAgent(ADA),
  },
  'a wrong extension three times leads to the operator': {
    from: STRANGER,
    keys: '1 1099# 1098# 9999#',
    hears: [
      en('welcome'),
      en('menu'),
      ...[1, 2, 3].flatMap(() => [en('enter_extension'), en('unknown_extension')]),
      en('no_more_tries'),
      ...TO_OPERATOR,
    ],
    ends: WITH_OPERATOR,
    answered: { ExtensionTransferFunction: 'NOT_FOUND' },
  },
  'choice 1, and then no key three times, leads to the operator': {
    from: STRANGER,
    keys: '1 - - -',
    hears: [
      en('welcome'),
      en('menu'),
      ...[1, 2, 3].flatMap(() => [en('enter_extension'), en('nothing_keyed')]),
      en('no_more_tries'),
      ...TO_OPERATOR,
    ],
    ends: WITH_OPERATOR,
  },
  'twenty digits are no extension, and what is too much is not heard': {
    from: STRANGER,
    keys: '1 12345678901234567890# 1042#',
    hears: [
      en('welcome'),
      en('menu'),
      en('enter_extension'),
      en('unknown_extension'),
      en('enter_extension'),
      ...ringing(ADA),
    ],
    ends: withAgent(ADA),
  },
  'only the pound key at the menu': {
    from: STRANGER,
    keys: '# 1042#',
    hears: [en('welcome'), en('menu'), en('nothing_keyed'), en('menu'), ...ringing(ADA)],
    ends: withAgent(ADA),
  },
  'only the pound key where an extension is asked for': {
    from: STRANGER,
    keys: '1 # 1042#',
    hears: [
      en('welcome'),
      en('menu'),
      en('enter_extension'),
      en('nothing_keyed'),
      en('enter_extension'),
      ...ringing(ADA),
    ],
    ends: withAgent(ADA),
  },
  'an extension after a star': {
    from: STRANGER,
    keys: '*1042#',
    hears: toAda,
    ends: withAgent(ADA),
  },
  'stars alone are no extension': {
    from: STRANGER,
    keys: '1 **# 1042#',
    hears: [
      en('welcome'),
      en('menu'),
      en('enter_extension'),
      en('invalid_extension'),
      en('enter_extension'),
      ...ringing(ADA),
    ],
    ends: withAgent(ADA),
    answered: { ExtensionTransferFunction: 'FOUND' },
  },
  ...Object.fromEntries(
    ['3 4 5', '6 9 3'].map((keys) => [
      `the choices ${keys}, which are none, lead to the operator`,
      {
        from: STRANGER,
        keys,
        hears: [
          en('welcome'),
          ...[1, 2, 3].flatMap(() => [en('menu'), en('no_such_choice')]),
          en('no_more_tries'),
          ...TO_OPERATOR,
        ],
        ends: WITH_OPERATOR,
      },
    ]),
  ),
  'a choice that is none, three times, leads to the operator': {
    from: STRANGER,
    keys: '7 8 *',
    hears: [
      en('welcome'),
      ...[1, 2, 3].flatMap(() => [en('menu'), en('no_such_choice')]),
      en('no_more_tries'),
      ...TO_OPERATOR,
    ],
    ends: WITH_OPERATOR,
  },
  'the operator by choice 0': {
    from: STRANGER,
    keys: '0',
    hears: [en('welcome'), en('menu'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
};

/** How the agent is whose extension is keyed. */
export const AGENT_CALLS: Scenarios = {
  'an agent who is busy': adaIs('busy', [`${ADA} ${en('busy')}`, ...TO_OPERATOR]),
  'an agent who is away': adaIs('away', [`${ADA} ${en('not_available')}`, ...TO_OPERATOR]),
  'an agent who is not logged in': adaIs('offline', [`${ADA} ${en('not_available')}`, ...TO_OPERATOR]),
  'an agent whose queue is full': adaIs('full', [`${ADA} ${en('agent_full')}`, ...TO_OPERATOR]),
  'an agent who does not answer in time': adaIs('silent', [
    ...ringing(ADA),
    `${ADA} ${notAnswering}`,
    en('waiting'),
  ]),
  'an agent who does not answer, and an operator queue that is full: it rings on': {
    ...adaIs('answers:75', [
      ...ringing(ADA),
      `${ADA} ${notAnswering}`,
      en('ring_on'),
      en('ringing'),
      en('ring_on'),
      en('ringing'),
    ]),
    states: { agents: { 'ada.martin': 'answers:75' }, queues: { BasicQueue: 'full' } },
    ends: withAgent(ADA),
  },
  'an agent whom Connect no longer has': {
    from: STRANGER,
    keys: '1094#',
    hears: [en('welcome'), en('menu'), `Max Gone ${en('not_available')}`, ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'an agent who answers at the last moment': adaIs('answers:19', ringing(ADA), withAgent(ADA)),
};

/** Where the operator is no help either, and callers who give up. */
export const WAITING_CALLS: Scenarios = {
  'the operator queue is full: a goodbye': {
    from: STRANGER,
    keys: '0',
    states: { queues: { BasicQueue: 'full' } },
    hears: [en('welcome'), en('menu'), en('operator'), en('goodbye_busy')],
    ends: { kind: 'goodbye', text: en('goodbye_busy') },
  },
  'the operator queue has nobody in it: the caller waits': {
    from: STRANGER,
    keys: '0',
    states: { queues: { BasicQueue: 'unstaffed' } },
    hears: [en('welcome'), en('menu'), ...TO_OPERATOR],
    ends: { kind: 'queue', name: 'BasicQueue', answered: false },
  },
  'an agent is away and the operator queue is full: a goodbye': {
    from: STRANGER,
    keys: '1042#',
    states: { agents: { 'ada.martin': 'away' }, queues: { BasicQueue: 'full' } },
    hears: [en('welcome'), en('menu'), `${ADA} ${en('not_available')}`, en('operator'), en('goodbye_busy')],
    ends: { kind: 'goodbye', text: en('goodbye_busy') },
  },
  'a caller gives up while the phone rings': {
    from: STRANGER,
    keys: '1042#',
    states: { agents: { 'ada.martin': 'silent' } },
    hangUpAfterSeconds: 30,
    hears: toAda,
    ends: { kind: 'hang-up', during: 'waiting for Ada Martin' },
  },
  'a caller gives up in the operator queue': {
    from: STRANGER,
    keys: '0',
    states: { queues: { BasicQueue: 'silent' } },
    hangUpAfterSeconds: 60,
    hears: [en('welcome'), en('menu'), ...TO_OPERATOR],
    ends: { kind: 'hang-up', during: 'waiting for BasicQueue' },
  },
};

/** Since when is said as a time of day. */
const AWAY_SINCE = new RegExp(`^(Dora|Anna) Smith ${en('away_since')} \\S`);

/** An agent who is known to be away before anything rings, by the agent event stream. */
export const STATUS_CALLS: Scenarios = {
  'an agent at lunch: the caller hears since when, and nothing rings': {
    from: STRANGER,
    keys: '1074#',
    hears: [en('welcome'), en('menu'), AWAY_SINCE, ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'an agent who has logged out: the caller hears since when as well': {
    from: STRANGER,
    keys: '1071#',
    hears: [en('welcome'), en('menu'), AWAY_SINCE, ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'an agent who is back, which the stream did not tell: Connect knows better': {
    from: STRANGER,
    keys: '1071#',
    states: { agents: { 'anna.smith': 'available' } },
    hears: [en('welcome'), en('menu'), ...ringing('Anna Smith')],
    ends: withAgent('Anna Smith'),
  },
  'an agent on a call who had logged out, and of whom the stream told nothing since': {
    from: STRANGER,
    keys: '1071#',
    states: { agents: { 'anna.smith': 'busy' } },
    hears: [en('welcome'), en('menu'), `Anna Smith ${en('busy')}`, ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'an agent at lunch, found by name': {
    from: STRANGER,
    keys: '2 smithdora# 1',
    hears: [
      en('welcome'),
      en('menu'),
      en('spell_name'),
      `${en('for', 'Dora Smith')} ${en('press_1')} ${en('press_9_again')}`,
      AWAY_SINCE,
      ...TO_OPERATOR,
    ],
    ends: WITH_OPERATOR,
  },
};

/** A number that belongs to an agent. */
export const DIRECT_CALLS: Scenarios = {
  'a direct number rings its agent without a question': {
    from: STRANGER,
    to: DIRECT_NUMBER,
    flow: 'extension-transfer',
    hears: ringing('Ben Okafor'),
    ends: withAgent('Ben Okafor'),
    answered: { ExtensionTransferFunction: 'FOUND' },
  },
  'a direct number of an agent who is away leads to the operator': {
    from: STRANGER,
    to: DIRECT_NUMBER,
    flow: 'extension-transfer',
    states: { agents: { 'ben.okafor': 'away' } },
    hears: [`Ben Okafor ${en('not_available')}`, ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'somebody who writes to a direct number reaches the operator': {
    from: STRANGER,
    to: DIRECT_NUMBER,
    flow: 'extension-transfer',
    channel: 'CHAT',
    hears: [en('written'), en('operator'), en('soon')],
    ends: WITH_OPERATOR,
  },
  'a direct number whose lookup fails asks for an extension': {
    from: STRANGER,
    to: DIRECT_NUMBER,
    flow: 'extension-transfer',
    trouble: { ExtensionTransferFunction: 'too slow' },
    keys: '1042#',
    hears: [en('enter_extension'), en('trouble'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
};
