import { invalid } from './errors.ts';

/**
 * One page of a list.
 *
 * @param size what the request asks for; the operation's own page when it asks for nothing
 * @throws {ServiceError} InvalidParameterException
 */
export function page<T>(
  operation: string,
  entries: T[],
  size: unknown,
  token: unknown,
  usual: number,
  most: number,
): { entries: T[]; next: { NextToken?: string } } {
  const length = size === undefined || size === null ? usual : Number(size);
  if (!Number.isInteger(length) || length < 1 || length > most) {
    throw invalid(`MaxResults of ${operation} is a whole number from 1 to ${most}.`);
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

/** What a GET asks for: the size of the page, and where it begins. */
export function pageOfQuery(query: URLSearchParams): [string | undefined, string | undefined] {
  return [query.get('maxResults') ?? undefined, query.get('nextToken') ?? undefined];
}
