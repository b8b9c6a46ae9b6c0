import type { JsonObject } from '#tools/json.ts';
import { invalid } from '#tools/local/emulators/errors.ts';
import type { ConnectState } from './state.ts';

/** A request: the parameters of its path and query, and its body. */
export interface OperationInput {
  path: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
}

/** The event for a change of a user. */
export interface UserChange {
  requestParameters: JsonObject;
  responseElements: JsonObject | null;
}

export interface OperationResult {
  body: unknown;
  change?: UserChange;
}

export type Operation = (state: ConnectState, input: OperationInput) => OperationResult;

export interface ConnectRoute {
  operation: string;
  method: string;
  path: RegExp;
  run: Operation;
  /** Whether a request must name the instance. */
  instance: boolean;
}

/**
 * The operations of one resource.
 *
 * @param table method, path, and function by operation. A path is written as in the SDK's model: `/users/{InstanceId}`,
 * and `/tags/{resourceArn+}` for the rest of a path.
 * @param options `instance: false` for operations that name a resource by its ARN, or that cover all instances
 */
export function defineRoutes(
  table: Record<string, [method: string, path: string, run: Operation]>,
  { instance = true } = {},
): ConnectRoute[] {
  return Object.entries(table).map(([operation, [method, path, run]]) => {
    const pattern = path.replace(
      /\{(\w+)(\+?)\}/g,
      (_, name, rest) => `(?<${name}>${rest ? '.+' : '[^/]+'})`,
    );
    return { operation, method, path: new RegExp(`^${pattern}/?$`), run, instance };
  });
}

/** Reads a map of strings, such as tags. */
export function toStrings(object: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value)]));
}

/**
 * Returns one page of a list.
 *
 * @param size the requested page size; the default of the operation if absent
 * @throws {ServiceError} InvalidParameterException
 */
export function paginate<T>(
  operation: string,
  entries: T[],
  size: unknown,
  token: unknown,
  defaultSize: number,
  maxSize: number,
): { entries: T[]; next: { NextToken?: string } } {
  const length = size === undefined || size === null ? defaultSize : Number(size);
  if (!Number.isInteger(length) || length < 1 || length > maxSize) {
    throw invalid(`MaxResults of ${operation} is a whole number from 1 to ${maxSize}.`);
  }
  const start = token === undefined || token === null ? 0 : readToken(operation, token);
  const end = start + length;
  return {
    entries: entries.slice(start, end),
    next: end < entries.length ? { NextToken: writeToken(operation, end) } : {},
  };
}

function writeToken(operation: string, start: number): string {
  return Buffer.from(`${operation}:${start}`).toString('base64url');
}

function readToken(operation: string, token: unknown): number {
  const [name, start] = Buffer.from(String(token), 'base64url').toString().split(':');
  if (name !== operation || !/^\d+$/.test(start ?? '')) throw invalid('NextToken is not one of ours.');
  return Number(start);
}

/** The page size and the start of a GET request. */
export function pageParameters(query: URLSearchParams): [string | undefined, string | undefined] {
  return [query.get('maxResults') ?? undefined, query.get('nextToken') ?? undefined];
}
