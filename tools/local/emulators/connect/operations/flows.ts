import { createHash } from 'node:crypto';
import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import {
  type ConnectFlow,
  FLOW_TYPES,
  flowArn,
  flowIdOf,
  MAX_FLOWS,
  newFlowId,
  SAVED_ALIAS,
} from '#tools/local/emulators/connect/flows.ts';
import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  pageParameters,
  paginate,
  toStrings,
} from '#tools/local/emulators/connect/operation.ts';
import { matchesTags } from '#tools/local/emulators/connect/search.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import { validateFlow } from '#tools/local/emulators/connect/validate-flow.ts';
import {
  duplicate,
  invalid,
  invalidFlow,
  invalidRequest,
  limitExceeded,
  notFound,
  notPublished,
} from '#tools/local/emulators/errors.ts';

export const FLOW_ROUTES = defineRoutes({
  CreateContactFlow: ['PUT', '/contact-flows/{InstanceId}', createContactFlow],
  DescribeContactFlow: ['GET', '/contact-flows/{InstanceId}/{ContactFlowId}', describeContactFlow],
  UpdateContactFlowContent: [
    'POST',
    '/contact-flows/{InstanceId}/{ContactFlowId}/content',
    updateContactFlowContent,
  ],
  UpdateContactFlowMetadata: [
    'POST',
    '/contact-flows/{InstanceId}/{ContactFlowId}/metadata',
    updateContactFlowMetadata,
  ],
  UpdateContactFlowName: [
    'POST',
    '/contact-flows/{InstanceId}/{ContactFlowId}/name',
    updateContactFlowMetadata,
  ],
  DeleteContactFlow: ['DELETE', '/contact-flows/{InstanceId}/{ContactFlowId}', deleteContactFlow],
  ListContactFlows: ['GET', '/contact-flows-summary/{InstanceId}', listContactFlows],
  SearchContactFlows: ['POST', '/search-contact-flows', searchContactFlows],
});

function createContactFlow(state: ConnectState, { body }: OperationInput): OperationResult {
  const required = ['Name', 'Type', 'Content'];
  const missing = required.filter((name) => !textAt(body, name));
  if (missing.length > 0) throw invalid(`Missing: ${missing.join(', ')}.`);
  const [Name = '', Type = '', Content = ''] = required.map((name) => textAt(body, name));
  if (!FLOW_TYPES.includes(Type)) throw invalid(`Type is one of ${FLOW_TYPES.join(', ')}.`);
  if (state.flows.all().length >= MAX_FLOWS) throw limitExceeded('The instance has its quota of flows.');
  const Status = textAt(body, 'Status') ?? 'PUBLISHED';
  checkName(state, Name);
  if (Status === 'PUBLISHED') checkContent(state, Content);
  const Id = newFlowId();
  state.flows.put({
    Id,
    Arn: flowArn(Id),
    Name,
    Type,
    State: 'ACTIVE',
    Status,
    Description: textAt(body, 'Description') ?? '',
    Content,
    Tags: toStrings(objectAt(body, 'Tags')),
  });
  return {
    body: { ContactFlowId: Id, ContactFlowArn: flowArn(Id), FlowContentSha256: sha256(Content) },
  };
}

function describeContactFlow({ flows }: ConnectState, { path }: OperationInput): OperationResult {
  const { SavedContent, ...flow } = flowAt(flows, path);
  const saved = path.ContactFlowId?.endsWith(SAVED_ALIAS) ?? false;
  if (flow.Status === 'SAVED' && !saved) throw notPublished();
  const shown =
    saved && SavedContent !== undefined ? { ...flow, Status: 'SAVED', Content: SavedContent } : flow;
  return { body: { ContactFlow: { ...shown, FlowContentSha256: sha256(shown.Content) } } };
}

function updateContactFlowContent(state: ConnectState, { path, body }: OperationInput): OperationResult {
  const { SavedContent: _, ...flow } = flowAt(state.flows, path);
  const Content = textAt(body, 'Content');
  if (!Content) throw invalid('Missing: Content.');
  checkContent(state, Content);
  state.flows.put({ ...flow, Content, Status: 'PUBLISHED' });
  return { body: {} };
}

/** UpdateContactFlowName is the older operation and has no state. */
function updateContactFlowMetadata(state: ConnectState, { path, body }: OperationInput): OperationResult {
  const flow = flowAt(state.flows, path);
  const Name = textAt(body, 'Name') ?? flow.Name;
  if (Name !== flow.Name) checkName(state, Name);
  const Description = textAt(body, 'Description') ?? flow.Description;
  const State = textAt(body, 'ContactFlowState') ?? flow.State;
  state.flows.put({ ...flow, Name, Description, State });
  return { body: {} };
}

function deleteContactFlow(state: ConnectState, { path }: OperationInput): OperationResult {
  const flow = flowAt(state.flows, path);
  // Connect's response is not documented. A rejection reveals a removal in the wrong order.
  if (state.numbers.all().some(({ ContactFlowId }) => ContactFlowId === flow.Id)) {
    throw invalidRequest('A phone number points at the flow.');
  }
  state.flows.delete(flow.Id);
  return { body: {} };
}

function listContactFlows({ flows }: ConnectState, { query }: OperationInput): OperationResult {
  const types = query.getAll('contactFlowTypes');
  const wanted = flows.all().filter(({ Type }) => types.length === 0 || types.includes(Type));
  const { entries, next } = paginate('ListContactFlows', wanted, ...pageParameters(query), 100, 1000);
  const ContactFlowSummaryList = entries.map(({ Id, Arn, Name, Type, State, Status }) => ({
    Id,
    Arn,
    Name,
    ContactFlowType: Type,
    ContactFlowState: State,
    ContactFlowStatus: Status,
  }));
  return { body: { ContactFlowSummaryList, ...next } };
}

function searchContactFlows({ flows }: ConnectState, { body }: OperationInput): OperationResult {
  const filter = objectAt(objectAt(body, 'SearchFilter'), 'TagFilter');
  const criteria = objectAt(body, 'SearchCriteria');
  const found = flows.all().filter((flow) => matchesTags(flow.Tags, filter) && matches(flow, criteria));
  const { entries, next } = paginate('SearchContactFlows', found, body.MaxResults, body.NextToken, 100, 100);
  // Connect returns everything except the content.
  const ContactFlows = entries.map(({ Content: _, SavedContent: __, ...flow }) => flow);
  return { body: { ContactFlows, ...next, ApproximateTotalCount: found.length } };
}

function matches(flow: ConnectFlow, criteria: JsonObject): boolean {
  const all = Array.isArray(criteria.AndConditions) ? criteria.AndConditions.filter(isObject) : [];
  if (!all.every((one) => matches(flow, one))) return false;
  const type = textAt(criteria, 'TypeCondition');
  if (type !== undefined && type !== flow.Type) return false;
  const text = objectAt(criteria, 'StringCondition');
  const wanted = (textAt(text, 'Value') ?? '').toLowerCase();
  if (wanted === '') return true;
  const field = textAt(text, 'FieldName') === 'description' ? flow.Description : flow.Name;
  return textAt(text, 'ComparisonType') === 'EXACT'
    ? field.toLowerCase() === wanted
    : field.toLowerCase().includes(wanted);
}

function flowAt(flows: ConnectState['flows'], path: Record<string, string>): ConnectFlow {
  const flow = flows.get(flowIdOf(path.ContactFlowId ?? ''));
  if (!flow) throw notFound('There is no such flow in this instance.');
  return flow;
}

function checkName({ flows }: ConnectState, name: string): void {
  if (flows.all().some(({ Name }) => Name.toLowerCase() === name.toLowerCase())) {
    throw duplicate('A flow with this name exists already.');
  }
}

function checkContent({ flows, lambdas, queues }: ConnectState, content: string): void {
  const problems = validateFlow(content, {
    hasLambda: (arn) => lambdas.get(arn) !== undefined,
    hasFlow: (id) => flows.get(flowIdOf(id)) !== undefined,
    hasQueue: (id) => queues.some((queue) => queue.Arn === id || queue.Id === id),
  });
  if (problems.length > 0) throw invalidFlow(problems);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
