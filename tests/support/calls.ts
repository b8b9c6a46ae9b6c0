import {
  agentDestination,
  type CallInstance,
  type CallOptions,
  type Destination,
  type InstalledFlow,
  type LambdaInvoker,
  parseKeys,
  playCall,
  queueDestination,
  spokenTexts,
  type Transcript,
} from '#tools/flows/play/index.ts';

export const TEST_INSTANCE_ARN = 'arn:aws:connect:eu-central-1:111122223333:instance/test';
export const TEST_FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:TestFunction';

/** An action in a short notation. */
export interface TestAction {
  type: string;
  parameters?: object;
  next?: string;
  /** `{ found: 'Equals FOUND' }`: the action it leads to, and operator and operand. */
  when?: Record<string, string>;
  /** `{ NoMatchingError: 'sorry' }` */
  errors?: Record<string, string>;
}

/** A flow whose first action is the first one given. */
export function createFlow(
  actions: Record<string, TestAction>,
  { name = 'tiny', type = 'CONTACT_FLOW' } = {},
): InstalledFlow {
  return { arn: `${TEST_INSTANCE_ARN}/contact-flow/${name}`, name, type, content: contentOf(actions) };
}

function contentOf(actions: Record<string, TestAction>): string {
  return JSON.stringify({
    Version: '2019-10-30',
    StartAction: Object.keys(actions)[0],
    Actions: Object.entries(actions).map(([Identifier, { type, parameters, next, when, errors }]) => ({
      Identifier,
      Type: type,
      Parameters: parameters ?? {},
      Transitions: {
        ...(next === undefined ? {} : { NextAction: next }),
        Conditions: Object.entries(when ?? {}).map(([NextAction, text]) => {
          const [Operator, ...Operands] = text.split(' ');
          return { NextAction, Condition: { Operator, Operands } };
        }),
        Errors: Object.entries(errors ?? {}).map(([ErrorType, NextAction]) => ({ ErrorType, NextAction })),
      },
    })),
  });
}

/** An action that says something. */
export function says(text: string, next: string): TestAction {
  return { type: 'MessageParticipant', parameters: { Text: text }, next };
}

/** The end of a test flow: a goodbye. */
export const GOODBYE: Record<string, TestAction> = {
  bye: { type: 'MessageParticipant', parameters: { Text: 'Goodbye.' }, next: 'end' },
  end: { type: 'DisconnectParticipant' },
};

/** A distinct branch for errors. */
export const SORRY: Record<string, TestAction> = {
  sorry: { type: 'MessageParticipant', parameters: { Text: 'Sorry.' }, next: 'end' },
};

export const ADA = agentDestination({
  id: 'ada-id',
  arn: `${TEST_INSTANCE_ARN}/agent/ada-id`,
  name: 'Ada Martin',
  key: 'ada.martin',
  state: 'AVAILABLE',
});

export const OPERATORS = queueDestination({
  id: 'operators-id',
  arn: `${TEST_INSTANCE_ARN}/queue/operators-id`,
  name: 'Operators',
});

export interface TestCall extends Partial<Omit<CallOptions, 'keys' | 'flow'>> {
  /** The first one answers. */
  flows: InstalledFlow[];
  places?: Destination[];
  keys?: string;
  lambdas?: string[];
}

/** Plays a call through test flows. */
export function playTestCall({ flows, places = [ADA, OPERATORS], keys = '', lambdas, ...options }: TestCall) {
  const instance: CallInstance = {
    arn: TEST_INSTANCE_ARN,
    flow: async (reference) => flows.find(({ arn, name }) => reference === arn || reference === name),
    hasLambda: async (arn) => (lambdas ?? [TEST_FUNCTION_ARN]).includes(arn),
    queue: async (reference) => placeIn(places, 'queue', reference),
    agent: async (reference) => placeIn(places, 'agent', reference),
  };
  return playCall({
    instance,
    invoke: answerWith({ status: 'FOUND' }),
    flow: flows[0]?.arn ?? '',
    from: '+14155550100',
    to: '+18005550199',
    keys: parseKeys(keys),
    newId: ids(),
    ...options,
  });
}

function placeIn(
  places: Destination[],
  kind: Destination['kind'],
  reference: string,
): Destination | undefined {
  return places.find((place) => place.kind === kind && [place.id, place.arn].includes(reference));
}

function ids(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `contact-${last}`;
  };
}

/** A function that always returns the same response. */
export function answerWith(answer: unknown, durationMs = 10): LambdaInvoker {
  return async () => ({
    kind: 'answer',
    payload: new TextEncoder().encode(JSON.stringify(answer)),
    durationMs,
  });
}

/** The last prompt. */
export function lastSaid(transcript: Transcript): string | undefined {
  return spokenTexts(transcript).at(-1);
}
