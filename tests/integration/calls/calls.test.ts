import type { Flow, FlowName, FlowTransitions } from '#core/flows/index.ts';
import { withFlow } from '#support/switchboard/instance.ts';
import { CALLERS } from '#support/switchboard/people.ts';
import { type Switchboard, startSwitchboard } from '#support/switchboard/switchboard.ts';
import { type CallInstance, spokenTexts, type Transcript } from '#tools/flows/play/index.ts';
import { CALLERS_CALLS, CHAT_CALLS, LANGUAGE_CALLS } from './callers.ts';
import { AGENT_CALLS, DIRECT_CALLS, EXTENSION_CALLS, STATUS_CALLS, WAITING_CALLS } from './extensions.ts';
import { NAME_CALLS } from './names.ts';
import { asHeard, type Scenario, type Scenarios } from './scenario.ts';
import { PLAIN_CALLS, TROUBLE_CALLS } from './troubles.ts';

let switchboard: Switchboard;

beforeAll(async () => {
  switchboard = await startSwitchboard();
});

afterAll(() => switchboard?.stop());

const THEMES: Record<string, Scenarios> = {
  'who calls': CALLERS_CALLS,
  'a chat': CHAT_CALLS,
  'in which language': LANGUAGE_CALLS,
  'an extension': EXTENSION_CALLS,
  'a name': NAME_CALLS,
  'how the agent is': AGENT_CALLS,
  'how the agent is known to be': STATUS_CALLS,
  'a direct number': DIRECT_CALLS,
  waiting: WAITING_CALLS,
  'what goes wrong': TROUBLE_CALLS,
  'no room for sentences': PLAIN_CALLS,
};

describe.each(Object.entries(THEMES))('%s', (_, scenarios) => {
  test.each(Object.entries(scenarios))('%s', async (_name, { hears, ends, answered, ...call }) => {
    const transcript = await switchboard.call(call);

    expect(spokenTexts(transcript)).toEqual(asHeard(hears));
    expect(transcript.end).toMatchObject(ends);
    for (const [name, answer] of Object.entries(answered ?? {})) {
      expect(lastAnswer(transcript, name)).toContain(answer);
    }
    expectCared(transcript);
  });
});

test('a known caller without an own agent comes to no error on the way', async () => {
  const { events } = await switchboard.call({ from: CALLERS.kenji.number, keys: '0' });

  expect(events.filter(({ type }) => type === 'error')).toEqual([]);
});

/** Ways to break a flow, each of which some scripted call has to notice: an action, and what of it leads elsewhere. */
const MUTATIONS: [FlowName, string, (transitions: FlowTransitions) => { NextAction?: string } | undefined][] =
  [
    ['inbound', 'caller-known', conditionFor('FOUND')],
    ['inbound', 'vip-tier', conditionFor('vip')],
    ['inbound', 'vip-staffed', branchFor('NoMatchingCondition')],
    ['inbound', 'has-keys', branchFor('NoMatchingCondition')],
    ['inbound', 'on-the-phone', branchFor('NoMatchingCondition')],
    ['inbound', 'own-agent-known', conditionFor('-')],
    ['inbound', 'keyed', conditionFor('0')],
    ['inbound', 'look-up', branchFor('NoMatchingError')],
    ['extension-transfer', 'tries', conditionFor('DoneLooping')],
    ['extension-transfer', 'agent-transfer', branchFor('QueueAtCapacity')],
    ['extension-transfer', 'find-digits', branchFor('NoMatchingError')],
    ['dial-by-name', 'choose-of-2', conditionFor('2')],
    ['dial-by-name', 'more', conditionFor('true')],
    ['agent-queue', 'ring', conditionFor('MessagesInterrupted')],
  ];

test.each(MUTATIONS)(
  'the scripted calls notice when %s leads elsewhere at %s',
  async (name, action, part) => {
    const change = (instance: CallInstance) => withFlow(instance, name, (flow) => broken(flow, action, part));

    expect(await firstDifferent(change)).toBeDefined();
  },
);

/** The first scripted call that is heard in another way on a changed instance. */
async function firstDifferent(change: (instance: CallInstance) => CallInstance): Promise<string | undefined> {
  for (const [name, { hears, ends: _, answered: __, ...call }] of Object.values(THEMES).flatMap(
    Object.entries<Scenario>,
  )) {
    const heard = spokenTexts(await switchboard.call({ ...call, change }));
    const same = heard.length === hears.length && hears.every((one, index) => fits(one, heard[index] ?? ''));
    if (!same) return name;
  }
  return undefined;
}

function fits(expected: string | RegExp, heard: string): boolean {
  return typeof expected === 'string' ? expected === heard : expected.test(heard);
}

test('the scripted calls are heard as written when nothing is changed', async () => {
  expect(await firstDifferent((instance) => instance)).toBeUndefined();
});

function broken(flow: Flow, id: string, part: (typeof MUTATIONS)[number][2]): Flow {
  const transition = part(flow.Actions.find(({ Identifier }) => Identifier === id)?.Transitions ?? {});
  if (!transition) throw new Error(`The flow has nothing like that at ${id}.`);
  transition.NextAction = flow.Actions.at(-1)?.Identifier ?? '';
  return flow;
}

function conditionFor(operand: string) {
  return ({ Conditions = [] }: FlowTransitions) =>
    Conditions.find(({ Condition }) => Condition.Operands.includes(operand));
}

function branchFor(errorType: string) {
  return ({ Errors = [] }: FlowTransitions) => Errors.find(({ ErrorType }) => ErrorType === errorType);
}

function lastAnswer({ events }: Transcript, name: string): string | undefined {
  const last = events.findLast((event) => event.type === 'lambda' && event.function === name);
  return last?.type === 'lambda' ? (last.why ?? String(last.answer?.status)) : undefined;
}

/** Nobody is left without a word, and everybody gets somewhere. */
function expectCared(transcript: Transcript): void {
  expect(spokenTexts(transcript).length).toBeGreaterThan(0);
  expect(['queue', 'agent', 'goodbye', 'hang-up']).toContain(transcript.end.kind);
}
