import { AGENTS, CALLERS, STRANGER } from '#support/switchboard/people.ts';
import {
  en,
  notAnswering,
  ringing,
  type Scenarios,
  sentences,
  TO_OPERATOR,
  WITH_OPERATOR,
  withAgent,
} from './scenario.ts';

const { jane, tom, mary, kenji, vera } = CALLERS;
const nobodyPressed = [en('menu'), en('nothing_keyed')];
/** Three times the menu without a key, and then the operator. */
const NO_KEY_AT_ALL = [
  ...nobodyPressed,
  ...nobodyPressed,
  ...nobodyPressed,
  en('no_more_tries'),
  ...TO_OPERATOR,
];

/** Who is greeted how, and put through without a question. */
export const CALLERS_CALLS: Scenarios = {
  'a VIP goes to the VIP queue without a question': {
    from: jane.number,
    hears: [en('welcome_back', 'Jane Doe'), en('vip'), en('waiting')],
    ends: { kind: 'queue', name: 'VIP', answered: true },
  },
  'a VIP written in capitals is one too': {
    from: vera.number,
    hears: [en('welcome_back', 'Vera King'), en('vip'), en('waiting')],
    ends: { kind: 'queue', name: 'VIP', answered: true },
  },
  'a VIP whose queue is full goes to the operator': {
    from: jane.number,
    states: { queues: { VIP: 'full' } },
    hears: [en('welcome_back', 'Jane Doe'), en('vip'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'a VIP whose queue has nobody in it goes to the operator': {
    from: jane.number,
    states: { queues: { VIP: 'unstaffed' } },
    hears: [en('welcome_back', 'Jane Doe'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'a VIP waits in the VIP queue when nobody answers': {
    from: jane.number,
    states: { queues: { VIP: 'silent' } },
    hears: [en('welcome_back', 'Jane Doe'), en('vip'), en('waiting')],
    ends: { kind: 'queue', name: 'VIP', answered: false },
  },
  'a customer goes to the own agent who is available': {
    from: tom.number,
    hears: [en('welcome_back', 'Tom Reed'), ...ringing(en('your_contact'))],
    ends: withAgent('Ada Martin'),
    answered: { CallerLookupFunction: 'FOUND' },
  },
  'a customer whose own agent does not answer goes on to the operator': {
    from: tom.number,
    states: { agents: { 'ada.martin': 'silent' } },
    hears: [
      en('welcome_back', 'Tom Reed'),
      ...ringing(en('your_contact')),
      en('your_contact', notAnswering),
      en('waiting'),
    ],
    ends: WITH_OPERATOR,
  },
  'a customer whose own agent is busy gets the menu': {
    from: tom.number,
    keys: '0',
    states: { agents: { 'ada.martin': 'busy' } },
    hears: [en('welcome_back', 'Tom Reed'), en('menu'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'a customer whose own agent has too many callers is told so, and gets the menu': {
    from: tom.number,
    keys: '0',
    states: { agents: { 'ada.martin': 'full' } },
    hears: [en('welcome_back', 'Tom Reed'), en('own_agent_busy'), en('menu'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'a customer in the audience of VIPs goes to their queue too': {
    from: mary.number,
    answers: {
      CallerLookupFunction: {
        status: 'FOUND',
        displayName: 'Mary Fox',
        language: 'en',
        audience_vip: 'true',
      },
    },
    hears: [en('welcome_back', 'Mary Fox'), en('vip'), en('waiting')],
    ends: { kind: 'queue', name: 'VIP' },
  },
  'a stranger is welcomed without a name': {
    from: STRANGER,
    keys: '0',
    hears: [en('welcome'), en('menu'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
    answered: { CallerLookupFunction: 'NOT_FOUND' },
  },
  'a withheld number is welcomed without a name': {
    from: undefined,
    keys: '0',
    hears: [en('welcome'), en('menu'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
    answered: { CallerLookupFunction: 'ANONYMOUS' },
  },
  'two contacts with one number: neither name is said': {
    from: mary.number,
    keys: '0',
    hears: [en('welcome'), en('menu'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
    answered: { CallerLookupFunction: 'AMBIGUOUS' },
  },
  'a caller whose language there is no table for hears the default language': {
    from: kenji.number,
    keys: '0',
    hears: [en('welcome_back', 'Kenji Ito'), en('menu'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
  },
  'a caller who presses no key at all reaches the operator': {
    from: STRANGER,
    hears: [en('welcome'), ...NO_KEY_AT_ALL],
    ends: WITH_OPERATOR,
  },
  'a caller with a withheld number who presses no key reaches the operator': {
    from: undefined,
    keys: '- - -',
    hears: [en('welcome'), ...NO_KEY_AT_ALL],
    ends: WITH_OPERATOR,
  },
};

/** A chat has no keypad and nothing that rings: what is for telephones is left out. */
export const CHAT_CALLS: Scenarios = {
  'somebody who writes is welcomed without a menu, and somebody answers': {
    from: STRANGER,
    channel: 'CHAT',
    hears: [en('welcome'), en('written'), en('operator'), en('soon')],
    ends: WITH_OPERATOR,
  },
  ...Object.fromEntries(
    (['en', 'es', 'de', 'fr'] as const).map((language) => {
      const say = sentences(language);
      return [
        `a customer with an own agent who writes, in ${language}`,
        {
          from: tom.number,
          channel: 'CHAT',
          answers: {
            CallerLookupFunction: {
              status: 'FOUND',
              displayName: 'Tom Reed',
              language,
              agentId: AGENTS.ada.Id,
            },
          },
          hears: [say('welcome_back', 'Tom Reed'), say('written'), say('operator'), say('soon')],
          ends: WITH_OPERATOR,
        },
      ];
    }),
  ),
};

const OTHERS = [
  ['Spanish', 'es', CALLERS.ana, 'Ana Ruiz'],
  ['German', 'de', CALLERS.hans, 'Hans Meier'],
  ['French', 'fr', CALLERS.luc, 'Luc Roux'],
] as const;

const WITHOUT_A_REGION = [
  ['English', 'en', CALLERS.kate, 'Kate Hill'],
  ['Spanish', 'es', CALLERS.eva, 'Eva Sanz'],
  ['German', 'de', CALLERS.uwe, 'Uwe Roth'],
  ['French', 'fr', CALLERS.zoe, 'Zoe Petit'],
] as const;

/** The same calls in the other languages. */
export const LANGUAGE_CALLS: Scenarios = Object.fromEntries([
  ...OTHERS.flatMap(([name, language, { number: from }, who]) => {
    const say = sentences(language);
    const begins = [say('welcome_back', who), say('menu')];
    const rings = [say('connecting', 'Ada Martin'), say('ringing')];
    const ends = withAgent('Ada Martin');
    const found = `${say('for', 'Ada Martin')} ${say('press_1')} ${say('press_9_again')}`;
    return [
      [`in ${name}: an extension`, { from, keys: '1042#', hears: [...begins, ...rings], ends }],
      [
        `in ${name}: a name`,
        { from, keys: '2 martin# 1', hears: [...begins, say('spell_name'), found, ...rings], ends },
      ],
      [
        `in ${name}: an agent who is busy, and then the operator`,
        {
          from,
          keys: '1 1042#',
          states: { agents: { 'ada.martin': 'busy' } },
          hears: [
            ...begins,
            say('enter_extension'),
            `Ada Martin ${say('busy')}`,
            say('operator'),
            say('waiting'),
          ],
          ends: WITH_OPERATOR,
        },
      ],
    ];
  }),
  ...WITHOUT_A_REGION.map(([name, language, { number: from }, who]) => {
    const say = sentences(language);
    const hears = [say('welcome_back', who), say('menu'), say('operator'), say('waiting')];
    return [
      `in ${name}, which the contact has without a region`,
      { from, keys: '0', hears, ends: WITH_OPERATOR },
    ];
  }),
]);
