import { CALLERS, STRANGER } from '#support/switchboard/people.ts';
import type { Trouble } from '#support/switchboard/switchboard.ts';
import {
  en,
  ringing,
  type Scenario,
  type Scenarios,
  TO_OPERATOR,
  WITH_OPERATOR,
  withAgent,
} from './scenario.ts';

const TOO_SLOW = 'the function did not respond within 7 seconds';
const A_NUMBER = 'the value of "matches" is a number, not a string';
const TOO_LARGE = 'it must be smaller than 32 KB';
const NOT_ASSOCIATED = 'the function is not associated with the instance';
const THREW = 'the function failed: ConfigurationError';

/** Whatever is wrong with the lookup of callers, a caller is welcomed and gets on. */
function lookupIs(trouble: Trouble, answered: string): Scenario {
  return {
    from: CALLERS.jane.number,
    keys: '1042#',
    trouble: { CallerLookupFunction: trouble },
    hears: [en('welcome'), en('menu'), ...ringing('Ada Martin')],
    ends: withAgent('Ada Martin'),
    answered: { CallerLookupFunction: answered },
  };
}

/** Whatever is wrong with the lookup of extensions, the caller hears so and reaches the operator. */
function extensionsAre(trouble: Trouble, answered: string): Scenario {
  return {
    from: STRANGER,
    keys: '1042#',
    trouble: { ExtensionTransferFunction: trouble },
    hears: [en('welcome'), en('menu'), en('trouble'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
    answered: { ExtensionTransferFunction: answered },
  };
}

/** Whatever is wrong with the directory of names, the caller hears so and reaches the operator. */
function namesAre(trouble: Trouble, answered: string): Scenario {
  return {
    from: STRANGER,
    keys: '2 martin#',
    trouble: { NameDirectoryFunction: trouble },
    hears: [en('welcome'), en('menu'), en('spell_name'), en('trouble'), ...TO_OPERATOR],
    ends: WITH_OPERATOR,
    answered: { NameDirectoryFunction: answered },
  };
}

/** Another flow has left so much in the attributes that our sentences do not fit any more. */
const ATTRIBUTES = { notes: 'x'.repeat(31_000) };
const PLAIN = en('trouble', en('operator'));

/** Sentences that cannot be set are spoken as the flow itself has them. */
export const PLAIN_CALLS: Scenarios = Object.fromEntries(
  (['inbound', 'extension-transfer', 'dial-by-name'] as const).flatMap((flow) => {
    const call = { from: STRANGER, flow, attributes: ATTRIBUTES };
    return [
      [`${flow} cannot set its sentences`, { ...call, hears: [PLAIN], ends: WITH_OPERATOR }],
      [
        `${flow} cannot set its sentences, and the operator queue is full`,
        {
          ...call,
          states: { queues: { BasicQueue: 'full' } },
          hears: [PLAIN, en('goodbye')],
          ends: { kind: 'goodbye', text: en('goodbye') },
        },
      ],
    ];
  }),
);

export const TROUBLE_CALLS: Scenarios = {
  'caller-lookup is too slow': lookupIs('too slow', TOO_SLOW),
  'caller-lookup answers a number': lookupIs('answers a number', A_NUMBER),
  'caller-lookup answers 32 KB': lookupIs('answers 32 KB', TOO_LARGE),
  'caller-lookup is not associated with the instance': lookupIs('is not associated', NOT_ASSOCIATED),
  'caller-lookup throws': lookupIs('throws', THREW),
  'DynamoDB throttles caller-lookup': lookupIs('dynamodb-throttled', 'DEGRADED'),
  'extension-transfer is too slow': extensionsAre('too slow', TOO_SLOW),
  'extension-transfer answers a number': extensionsAre('answers a number', A_NUMBER),
  'extension-transfer is not associated with the instance': extensionsAre(
    'is not associated',
    NOT_ASSOCIATED,
  ),
  'extension-transfer throws': extensionsAre('throws', THREW),
  'DynamoDB throttles extension-transfer': extensionsAre('dynamodb-throttled', 'DEGRADED'),
  'name-directory is too slow': namesAre('too slow', TOO_SLOW),
  'name-directory throws': namesAre('throws', THREW),
  'DynamoDB throttles name-directory': namesAre('dynamodb-throttled', 'DEGRADED'),
  'nothing works at all, and the operator queue is full': {
    from: STRANGER,
    keys: '1042#',
    states: { queues: { BasicQueue: 'full' } },
    trouble: { CallerLookupFunction: 'dynamodb-throttled', ExtensionTransferFunction: 'dynamodb-throttled' },
    hears: [en('welcome'), en('menu'), en('trouble'), en('operator'), en('goodbye_busy')],
    ends: { kind: 'goodbye', text: en('goodbye_busy') },
  },
};
