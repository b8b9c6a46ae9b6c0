import { STRANGER } from '#support/switchboard/people.ts';
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

const SPELL = [en('welcome'), en('menu'), en('spell_name')];

/** What is read out when names are found. */
function choice(...names: string[]): string {
  const read = names.map((name, index) => `${en('for', name)} ${en(`press_${index + 1}`)}`);
  return [...read, en('press_9_again')].join(' ');
}

/** A name that is spelled, a choice, and the agent it leads to. */
function spelled(keys: string, hears: string[], name: string): Scenario {
  return {
    from: STRANGER,
    keys: `2 ${keys}`,
    hears: [...SPELL, ...hears, ...ringing(name)],
    ends: withAgent(name),
  };
}

const ONE = choice('Ada Martin');
const TWO = choice('Kim Novak', 'Pat Novak');
const THREE = choice('Uma Weiss', 'Una Weiss', 'Uri Weiss');

export const NAME_CALLS: Scenarios = {
  'a last name of one agent': spelled('martin# 1', [choice('Ada Martin')], 'Ada Martin'),
  'the first three letters are enough': spelled('mar# 1', [choice('Ada Martin')], 'Ada Martin'),
  'a first name': spelled('ben# 1', [choice('Ben Okafor')], 'Ben Okafor'),
  'last and first name': spelled('smithcleo# 1', [choice('Cleo Smith')], 'Cleo Smith'),
  'a name with an umlaut, without it': spelled('685537# 1', [choice('Zoë Müller')], 'Zoë Müller'),
  'a name with an umlaut, written in full': spelled('6835537# 1', [choice('Zoë Müller')], 'Zoë Müller'),
  'the second of two': spelled('novak# 2', [choice('Kim Novak', 'Pat Novak')], 'Pat Novak'),
  'the first of two': spelled('novak# 1', [choice('Kim Novak', 'Pat Novak')], 'Kim Novak'),
  'the third of three': spelled('weiss# 3', [choice('Uma Weiss', 'Una Weiss', 'Uri Weiss')], 'Uri Weiss'),
  'more than three: the first three are read out': spelled(
    'smith# 2',
    [en('more_names'), choice('Anna Smith', 'Bert Smith', 'Cleo Smith')],
    'Bert Smith',
  ),
  'a second try, by key 9': spelled(
    'smith# 9 martin# 1',
    [
      en('more_names'),
      choice('Anna Smith', 'Bert Smith', 'Cleo Smith'),
      en('spell_name'),
      choice('Ada Martin'),
    ],
    'Ada Martin',
  ),
  ...Object.fromEntries(
    ['9', '*'].flatMap((key) => [
      [
        `key ${key} after one name`,
        spelled(`martin# ${key} ben# 1`, [ONE, en('spell_name'), choice('Ben Okafor')], 'Ben Okafor'),
      ],
      [
        `key ${key} after two names`,
        spelled(`novak# ${key} ben# 1`, [TWO, en('spell_name'), choice('Ben Okafor')], 'Ben Okafor'),
      ],
      [
        `key ${key} after three names`,
        spelled(`weiss# ${key} ben# 1`, [THREE, en('spell_name'), choice('Ben Okafor')], 'Ben Okafor'),
      ],
    ]),
  ),
  'the first of three': spelled('weiss# 1', [THREE], 'Uma Weiss'),
  'of two, a choice that is none, and no choice in time': spelled(
    'novak# 3 novak# - novak# 1',
    [TWO, en('no_such_choice'), en('spell_name'), TWO, en('nothing_keyed'), en('spell_name'), TWO],
    'Kim Novak',
  ),
  'of three, a choice that is none, and no choice in time': spelled(
    'weiss# 4 weiss# - weiss# 2',
    [THREE, en('no_such_choice'), en('spell_name'), THREE, en('nothing_keyed'), en('spell_name'), THREE],
    'Una Weiss',
  ),
  'no key at all, and the operator queue is full: a goodbye': {
    from: STRANGER,
    keys: '2 - - -',
    states: { queues: { BasicQueue: 'full' } },
    hears: [
      ...SPELL,
      en('nothing_keyed'),
      ...[2, 3].flatMap(() => [en('spell_name'), en('nothing_keyed')]),
      en('no_more_tries'),
      en('operator'),
      en('goodbye_busy'),
    ],
    ends: { kind: 'goodbye', text: en('goodbye_busy') },
  },
  'somebody who writes to a number for names reaches the operator': {
    from: STRANGER,
    flow: 'dial-by-name',
    channel: 'CHAT',
    hears: [en('written'), en('operator'), en('soon')],
    ends: WITH_OPERATOR,
  },
  'a number of its own for names': {
    from: STRANGER,
    flow: 'dial-by-name',
    keys: 'martin# 1',
    hears: [en('spell_name'), ONE, ...ringing('Ada Martin')],
    ends: withAgent('Ada Martin'),
  },
  'nobody of that name, and then somebody': spelled(
    'zzzz# martin# 1',
    [en('unknown_name'), en('spell_name'), choice('Ada Martin')],
    'Ada Martin',
  ),
  'two letters are too few': spelled(
    'ma# mar# 1',
    [en('invalid_name'), en('spell_name'), choice('Ada Martin')],
    'Ada Martin',
  ),
  'a choice that is none, and then a name again': spelled(
    'martin# 5 martin# 1',
    [choice('Ada Martin'), en('no_such_choice'), en('spell_name'), choice('Ada Martin')],
    'Ada Martin',
  ),
  'no choice in time, and then a name again': spelled(
    'martin# - martin# 1',
    [choice('Ada Martin'), en('nothing_keyed'), en('spell_name'), choice('Ada Martin')],
    'Ada Martin',
  ),
  'an agent who is unlisted is not found': {
    from: STRANGER,
    keys: '2 quill# quill# quill#',
    hears: [
      ...SPELL,
      en('unknown_name'),
      ...[2, 3].flatMap(() => [en('spell_name'), en('unknown_name')]),
      en('no_more_tries'),
      ...TO_OPERATOR,
    ],
    ends: WITH_OPERATOR,
    answered: { NameDirectoryFunction: 'NOT_FOUND' },
  },
  'no key at all, three times, leads to the operator': {
    from: STRANGER,
    keys: '2 - - -',
    hears: [
      ...SPELL,
      en('nothing_keyed'),
      ...[2, 3].flatMap(() => [en('spell_name'), en('nothing_keyed')]),
      en('no_more_tries'),
      ...TO_OPERATOR,
    ],
    ends: WITH_OPERATOR,
  },
  'the agent who was chosen does not answer': {
    from: STRANGER,
    keys: '2 martin# 1',
    states: { agents: { 'ada.martin': 'silent' } },
    hears: [
      ...SPELL,
      choice('Ada Martin'),
      ...ringing('Ada Martin'),
      `Ada Martin ${notAnswering}`,
      en('waiting'),
    ],
    ends: WITH_OPERATOR,
  },
};
