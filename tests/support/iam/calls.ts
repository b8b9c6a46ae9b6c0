import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import { LOCAL } from '#tools/local/template/index.ts';
import { connectRights } from './connect-rights.ts';
import { list, type Right } from './rights.ts';

/** A request to AWS as it went over the wire. */
export interface RecordedRequest {
  /** The service that the signature names. */
  service: string;
  method: string;
  url: URL;
  /** X-Amz-Target, of the services that speak JSON 1.x. */
  target: string;
  body: Buffer;
}

/**
 * The rights in IAM that a request needs.
 *
 * @throws when it is not known: a new kind of call has to be looked up in the service authorization reference
 */
export function rightsFor(request: RecordedRequest): Right[] {
  const operation = request.target.split('.').at(-1) ?? '';
  switch (request.service) {
    case 'dynamodb':
      return dynamoDbRights(operation, jsonOf(request.body));
    case 'kms':
      return [{ action: `kms:${operation}`, resource: textAt(jsonOf(request.body), 'KeyId') ?? '' }];
    case 's3':
      return [s3Right(request)];
    case 'lambda':
      return [lambdaRight(request)];
    case 'connect':
      return connectRights(request.method, request.url, jsonOf(request.body));
    case 'sms-voice':
      return [smsRight(operation, jsonOf(request.body))];
    default:
      throw new Error(`Calls to ${request.service} are not recorded yet.`);
  }
}

function jsonOf(body: Buffer): JsonObject {
  const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  return isObject(value) ? value : {};
}

/** The actions of a transaction need the rights of single writes. */
const TRANSACTED: Record<string, string> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

function dynamoDbRights(operation: string, body: JsonObject): Right[] {
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    return list(body.TransactItems).flatMap((item) =>
      Object.entries(isObject(item) ? item : {}).map(([kind, part]) => {
        const action = TRANSACTED[kind];
        if (!action) throw new Error(`A transaction has no ${kind}.`);
        const single = isObject(part) ? part : {};
        return rightOn(`dynamodb:${action}`, tableArn(textAt(single, 'TableName')), single);
      }),
    );
  }
  const action = `dynamodb:${operation}`;
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    return Object.keys(objectAt(body, 'RequestItems')).map((table) => ({
      action,
      resource: tableArn(table),
    }));
  }
  const index = textAt(body, 'IndexName');
  const resource = `${tableArn(textAt(body, 'TableName'))}${index === undefined ? '' : `/index/${index}`}`;
  return [rightOn(action, resource, body)];
}

/** With the partition key of the item that a request names: the tables call it `pk`, or `id`. */
function rightOn(action: string, resource: string, request: JsonObject): Right {
  const item = { ...objectAt(request, 'Item'), ...objectAt(request, 'Key') };
  const leadingKey = textAt(objectAt(item, 'pk'), 'S') ?? textAt(objectAt(item, 'id'), 'S');
  return { action, resource, ...(leadingKey === undefined ? {} : { leadingKey }) };
}

/** The tables of a test have a unique end to their names, which the deployed ones have not. */
function tableArn(name = ''): string {
  const table = name.replace(/-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '');
  return `arn:${LOCAL.partition}:dynamodb:${LOCAL.region}:${LOCAL.account}:table/${table}`;
}

/** The emulator has a path of its own in front of bucket and key. */
function s3Right({ method, url }: RecordedRequest): Right {
  const [, , ...parts] = url.pathname.split('/');
  const action = { PUT: 's3:PutObject', GET: 's3:GetObject', DELETE: 's3:DeleteObject' }[method];
  if (!action || parts.length < 2) throw new Error(`Which action of S3 is ${method} ${url.pathname}?`);
  return { action, resource: `arn:${LOCAL.partition}:s3:::${parts.map(decodeURIComponent).join('/')}` };
}

function lambdaRight({ method, url }: RecordedRequest): Right {
  const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname)?.[1];
  if (method !== 'POST' || name === undefined)
    throw new Error(`Which action of Lambda is ${method} ${url.pathname}?`);
  const id = decodeURIComponent(name).split(':').at(-1);
  const resource = `arn:${LOCAL.partition}:lambda:${LOCAL.region}:${LOCAL.account}:function:${id}`;
  return { action: 'lambda:InvokeFunction', resource };
}

/** A text is sent from an identity: by its ARN, or by a phone number, whose ARN has an id that only AWS knows. */
function smsRight(operation: string, body: JsonObject): Right {
  const identity = textAt(body, 'OriginationIdentity') ?? '';
  const number = `arn:${LOCAL.partition}:sms-voice:${LOCAL.region}:${LOCAL.account}:phone-number/of-ours`;
  return {
    action: `sms-voice:${operation}`,
    resource: identity.startsWith('arn:') ? identity : number,
  };
}
