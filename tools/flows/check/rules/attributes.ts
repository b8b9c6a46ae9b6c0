import { type FlowAction, LANGUAGE_ATTRIBUTE, PROMPTS } from '@switchboard/core/flows';
import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';
import { referencesIn } from '#tools/flows/check/parameter-values.ts';
import { type FlowEdge, MUST_ANALYSIS, propagate } from '#tools/flows/model/graph.ts';
import { PROMPT_TABLE } from './parameter-faults.ts';

type Attributes = ReadonlySet<string>;

const SENTENCES = Object.keys(PROMPTS.en);
/** The keyed input is not an attribute, but follows the same rule. */
const INPUT = '$.StoredCustomerInput';
/** Connect sets it for every contact: VOICE, CHAT, TASK, or EMAIL. */
const CHANNEL = 'Channel';

/** Attributes that the flows set together: if the first is set, so are the others. */
const TOGETHER: readonly { attribute: string; value?: string; with: readonly string[] }[] = [
  { attribute: LANGUAGE_ATTRIBUTE, with: SENTENCES },
  { attribute: 'switchboard_dial', value: 'digits', with: ['switchboard_digits'] },
  { attribute: 'switchboard_waiting_for', value: 'agent', with: ['switchboard_agent_name'] },
];

/**
 * Every attribute that an action reads is set on every path to it. A comparison may read an attribute that is not set,
 * if any flow sets it.
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
        .map((name) =>
          report(`It reads ${name}, which is not set on every path. Set it before this action.`, action),
        ),
      ...missingCompany(action, known).map((message) => report(message, action)),
    ];
  });
}

function after(action: FlowAction, edge: FlowEdge, known: Attributes): Attributes {
  if (edge.by === 'next') return known.union(setBy(action));
  if (edge.by === 'condition' && action.Type === 'Compare') return known.union(impliedBy(action, edge));
  return known;
}

/** The attributes that an action sets when it succeeds. */
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

/** An attribute that equals a value is set, and so are those that flows set together with it. */
function impliedBy({ Parameters }: FlowAction, { condition }: FlowEdge): Attributes {
  const [read] = referencesIn(Parameters);
  if (read?.namespace !== 'Attributes' || condition?.Operator !== 'Equals') return new Set();
  const [value] = condition.Operands;
  const company = TOGETHER.filter(
    (entry) => entry.attribute === read.key && (entry.value ?? value) === value,
  );
  return new Set([read.key, ...company.flatMap((entry) => entry.with)]);
}

/** An action that sets one of the attributes in TOGETHER needs the others, too. */
function missingCompany(action: FlowAction, known: Attributes): string[] {
  const attributes = action.Type === 'UpdateContactAttributes' ? action.Parameters.Attributes : undefined;
  const values = typeof attributes === 'object' && !Array.isArray(attributes) ? attributes : {};
  const there = known.union(setBy(action));
  return TOGETHER.filter(({ attribute, value }) => {
    return Object.hasOwn(values, attribute) && (value ?? values[attribute]) === values[attribute];
  }).flatMap(({ attribute, with: company }) =>
    company
      .filter((name) => !there.has(name))
      .map((name) => `It sets ${attribute} without ${name}. Set both on every path to this action.`),
  );
}
