import { isObject, type JsonObject, textAt } from '#tools/json.ts';
import { CONNECT_ROUTES } from '#tools/local/emulators/connect/request.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import type { Right } from './rights.ts';

/** What a request to Connect named: in its path, its query and its body. */
type Names = Record<string, string>;
type ResourceOf = (names: Names) => string;

const ACCOUNT = `arn:${LOCAL.partition}:connect:${LOCAL.region}:${LOCAL.account}`;
/** The id at the end of an ARN; an id is its own end. */
const idIn = (names: Names, key: string) => names[key]?.split('/').at(-1) ?? '*';
const instance: ResourceOf = (names) => `${ACCOUNT}:instance/${idIn(names, 'InstanceId')}`;
const user: ResourceOf = (names) => `${instance(names)}/agent/${idIn(names, 'UserId')}`;
const flow: ResourceOf = (names) => `${instance(names)}/contact-flow/${idIn(names, 'ContactFlowId')}`;
const everyQueue: ResourceOf = (names) => `${instance(names)}/queue/*`;
const number: ResourceOf = (names) => `${ACCOUNT}:phone-number/${idIn(names, 'PhoneNumberId')}`;
const tagged: ResourceOf = ({ resourceArn = '' }) => resourceArn;
const fn: ResourceOf = ({ FunctionArn, functionArn = '' }) => FunctionArn ?? functionArn;

/** The resources that IAM checks for an operation, as the service authorization reference has them. */
const CHECKED: Record<string, ResourceOf[]> = {
  AssociateLambdaFunction: [instance],
  AssociatePhoneNumberContactFlow: [number, flow],
  BatchGetFlowAssociation: [number],
  // The flow has no id yet.
  CreateContactFlow: [flow],
  DeleteContactFlow: [flow],
  DescribeContactFlow: [flow],
  DescribeInstance: [instance],
  DescribePhoneNumber: [number],
  DescribeUser: [user],
  DisassociateLambdaFunction: [instance],
  DisassociatePhoneNumberContactFlow: [number],
  ListContactFlows: [flow],
  ListFlowAssociations: [instance],
  ListLambdaFunctions: [instance],
  ListPhoneNumbersV2: [number],
  ListQueues: [everyQueue],
  SearchContactFlows: [instance],
  SearchUsers: [instance],
  TagResource: [tagged],
  UpdateContactFlowContent: [flow],
};

/** What Connect does with the caller's rights for an operation: its dependent actions, in the same reference. */
const DEPENDENT: Record<string, [action: string, resourceOf: ResourceOf][]> = {
  AssociateLambdaFunction: [['lambda:AddPermission', fn]],
  DisassociateLambdaFunction: [['lambda:RemovePermission', fn]],
  CreateContactFlow: [['connect:TagResource', flow]],
  DescribeInstance: [['ds:DescribeDirectories', () => '*']],
};

/** The rights that a request to Connect needs. */
export function connectRights(method: string, url: URL, body: JsonObject): Right[] {
  for (const { operation, method: routeMethod, path } of CONNECT_ROUTES) {
    const match = routeMethod === method ? path.exec(url.pathname) : null;
    if (!match) continue;
    const checked = CHECKED[operation];
    if (!checked) throw new Error(`Say in ${__filename} which resources IAM checks for ${operation}.`);
    const names = namesIn(match.groups ?? {}, url, body);
    return [
      ...checked.map((resourceOf) => ({ action: `connect:${operation}`, resource: resourceOf(names) })),
      ...(DEPENDENT[operation] ?? []).map(([action, resourceOf]) => ({
        action,
        resource: resourceOf(names),
      })),
    ];
  }
  throw new Error(`No operation of Connect is ${method} ${url.pathname}.`);
}

function namesIn(path: Record<string, string>, url: URL, body: JsonObject): Names {
  const names: Names = Object.fromEntries(url.searchParams);
  if (names.instanceId) names.InstanceId = names.instanceId;
  for (const key of isObject(body) ? Object.keys(body) : []) {
    const value = textAt(body, key);
    if (value !== undefined) names[key] = value;
  }
  for (const [key, value] of Object.entries(path)) names[key] = decodeURIComponent(value);
  return names;
}
