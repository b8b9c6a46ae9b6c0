import { isObject } from '#tools/local/template/index.ts';

export interface ProxyReply {
  status: number;
  headers: Record<string, string | string[]>;
  body: string;
}

/** What a function answered, read as a proxy integration does; undefined when it is malformed. */
export function proxyReply(payload: string): ProxyReply | undefined {
  const answer: unknown = JSON.parse(payload);
  if (!isObject(answer)) return undefined;
  const { statusCode, body = '', headers = {}, multiValueHeaders = {} } = answer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  if (typeof body !== 'string' && body !== null) return undefined;
  const all: Record<string, string | string[]> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {})) {
    all[name.toLowerCase()] = String(value);
  }
  for (const [name, values] of Object.entries(isObject(multiValueHeaders) ? multiValueHeaders : {})) {
    if (Array.isArray(values)) all[name.toLowerCase()] = values.map(String);
  }
  return { status, headers: all, body: body ?? '' };
}
