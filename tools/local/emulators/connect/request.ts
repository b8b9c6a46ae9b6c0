import { isObject, type JsonObject, textAt } from '#tools/json.ts';
import { invalid, notFound, ServiceError } from '#tools/local/emulators/errors.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';
import type { ConnectRoute, OperationInput } from './operation.ts';
import { CLAIM_ROUTES } from './operations/claims.ts';
import { FLOW_ROUTES } from './operations/flows.ts';
import { INSTANCE_ROUTES } from './operations/instance.ts';
import { LAMBDA_ROUTES } from './operations/lambdas.ts';
import { ACCOUNT_NUMBER_ROUTES, NUMBER_ROUTES } from './operations/numbers.ts';
import { STATUS_ROUTES } from './operations/statuses.ts';
import { TAG_ROUTES } from './operations/tags.ts';
import { USER_ROUTES } from './operations/users.ts';

/** All operations of Connect that the emulator supports. */
export const CONNECT_ROUTES: ConnectRoute[] = [
  ...USER_ROUTES,
  ...STATUS_ROUTES,
  ...INSTANCE_ROUTES,
  ...LAMBDA_ROUTES,
  ...FLOW_ROUTES,
  ...NUMBER_ROUTES,
  ...ACCOUNT_NUMBER_ROUTES,
  ...CLAIM_ROUTES,
  ...TAG_ROUTES,
];

/** The operation of a request, and its input. */
export function findRoute(
  method: string,
  url: URL,
  body: JsonObject,
): { route: ConnectRoute; input: OperationInput } {
  for (const route of CONNECT_ROUTES) {
    const match = route.method === method ? route.path.exec(url.pathname) : null;
    if (!match) continue;
    const path = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodePart(value)]),
    );
    return { route, input: { path, query: url.searchParams, body } };
  }
  throw new ServiceError(404, 'UnknownOperationException', 'The emulator does not know this operation.');
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('The path is not well encoded.');
  }
}

/** A request names the instance by its ID or its ARN. */
export function checkInstance({ path, query, body }: OperationInput): void {
  const instance = path.InstanceId ?? textAt(body, 'InstanceId') ?? query.get('instanceId') ?? undefined;
  if (instance === undefined) throw invalid('Missing: InstanceId.');
  if (instance !== LOCAL.connectInstanceId && instance !== CONNECT_INSTANCE_ARN) {
    throw notFound('There is no such instance.');
  }
}

/** The response of an empty instance: empty lists, and no further page. */
export function withEmptyLists(answer: unknown): unknown {
  if (!isObject(answer)) return answer;
  const { NextToken, ...rest } = answer;
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
  );
}

/** Connect's default quota, for each operation: two requests a second, five at once. */
export const QUOTA = { perSecond: 2, burst: 5 };

/** Limits the requests of each operation with a token bucket. */
export interface Quota {
  /** Takes a token; false when there is none. */
  take(operation: string): boolean;
}

/** @param now in milliseconds, monotonic */
export function createQuota(options = QUOTA, now: () => number = () => performance.now()): Quota {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(operation) {
      const at = now();
      const bucket = buckets.get(operation) ?? { tokens: options.burst, at };
      const tokens = Math.min(options.burst, bucket.tokens + ((at - bucket.at) / 1000) * options.perSecond);
      const passes = tokens >= 1;
      buckets.set(operation, { tokens: passes ? tokens - 1 : tokens, at });
      return passes;
    },
  };
}
