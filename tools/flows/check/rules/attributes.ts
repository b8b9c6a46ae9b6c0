import { type FlowAction, LANGUAGE_ATTRIBUTE, PROMPTS } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { referencesIn } from '#tools/flows/check/parameter-values.ts';
import { type FlowEdge, MUST_ANALYSIS, propagate } from '#tools/flows/model/graph.ts';
import { PROMPT_TABLE } from './parameter-faults.ts';

type Attributes = ReadonlySet<string>;

const SENTENCES = Object.keys(PROMPTS.en);
/** What the caller keyed in is no attribute, but has to be there in the same way. */
const INPUT = '$.StoredCustomerInput';
/** Every contact has it from the start: VOICE, CHAT, TASK or EMAIL. */
const CHANNEL = 'Channel';

/** Attributes that our flows set together: where a flow finds the first, it may count on the others. */
const TOGETHER: readonly { attribute: string; value?: string; with: readonly string[] }[] = [
  { attribute: LANGUAGE_ATTRIBUTE, with: SENTENCES },
  { attribute: 'switchboard_dial', value: 'digits', with: ['switchboard_digits'] },
  { attribute: 'switchboard_waiting_for', value: 'agent', with: ['switchboard_agent_name'] },
];

/**
 * Every attribute that is read has been set, on whichever way the call came. A comparison may ask for an attribute
 * that is not there, if some flow sets it.
 */
export function checkAttributes(subject: AnalyzedFlow, flows: readonly AnalyzedFlow[]): Finding[] {
  const { graph } = subject;
  const report = createReporter(subject, 'attributes');
  const certain = propagate<Attributes>(graph, new Set<string>(), { ...MUST_ANALYSIS, after });
  const anywhere = new Set(
    flows.flatMap(({ source }) => source.Actions.flatMap((action) => [...setBy(action)])),
  );
  return [...graph.actions.values()].flatMap((action) => {
    const known = certain.get(action.Identifier) ?? new Set(anywhere);
    const enough = action.Type === 'Compare' ? known.union(anywhere) : known;
    return [
      ...readBy(action)
        .filter((name) => !enough.has(name))
        .map((name) => report(`It reads ${name}, which is not set on every way to it.`, action)),
      ...missingCompany(action, known).map((message) => report(message, action)),
    ];
  });
}

function after(action: FlowAction, way: FlowEdge, known: Attributes): Attributes {
  if (way.by === 'next') return known.union(setBy(action));
  if (way.by === 'condition' && action.Type === 'Compare') return known.union(impliedBy(action, way));
  return known;
}

/** What an action has set when it succeeds. */
function setBy({ Type, Parameters }: FlowAction): Attributes {
  if (Type === 'GetParticipantInput') return new Set(Parameters.StoreInput === 'True' ? [INPUT] : []);
  const attributes = Type === 'UpdateContactAttributes' ? Parameters.Attributes : undefined;
  if (attributes === undefined) return new Set();
  if (typeof attributes !== 'string') return new Set(Object.keys(attributes));
  return new Set(PROMPT_TABLE.test(attributes) ? [...SENTENCES, LANGUAGE_ATTRIBUTE] : []);
}

function readBy({ Parameters }: FlowAction): string[] {
  return referencesIn(Parameters)
    .filter(({ namespace }) => namespace !== 'External' && namespace !== CHANNEL)
    .map(({ namespace, key }) => (namespace === 'Attributes' ? key : `$.${namespace}${key && '.'}${key}`));
}

/** An attribute that equals something is there, and so is what is set together with it. */
function impliedBy({ Parameters }: FlowAction, { condition }: FlowEdge): Attributes {
  const [read] = referencesIn(Parameters);
  if (read?.namespace !== 'Attributes' || condition?.Operator !== 'Equals') return new Set();
  const [value] = condition.Operands;
  const company = TOGETHER.filter(
    (entry) => entry.attribute === read.key && (entry.value ?? value) === value,
  );
  return new Set([read.key, ...company.flatMap((entry) => entry.with)]);
}

/** An action that sets one of the attributes that go together has to have the others set. */
function missingCompany(action: FlowAction, known: Attributes): string[] {
  const attributes = action.Type === 'UpdateContactAttributes' ? action.Parameters.Attributes : undefined;
  const values = typeof attributes === 'object' && !Array.isArray(attributes) ? attributes : {};
  const there = known.union(setBy(action));
  return TOGETHER.filter(({ attribute, value }) => {
    return Object.hasOwn(values, attribute) && (value ?? values[attribute]) === values[attribute];
  }).flatMap(({ attribute, with: company }) =>
    company
      .filter((name) => !there.has(name))
      .map(
        (name) => `It sets ${attribute}, but ${name}, which belongs to it, is not set on every way to it.`,
      ),
  );
}
