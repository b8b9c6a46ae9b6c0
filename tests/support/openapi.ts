import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

interface Operation {
  /** Absent for newline-delimited JSON. */
  requestBody?: { content: { 'application/json'?: { schema: object; example?: unknown } } };
  responses: Record<string, { $ref?: string; content?: { 'application/json': { schema: object } } }>;
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Operation['responses'][string]> };
}

/** Reads docs/openapi.yaml, and compares requests and responses with it. */
export function openApi() {
  const document: OpenApi = parse(readFileSync(join(process.cwd(), 'docs/openapi.yaml'), 'utf8'));
  const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema({ ...document, $id: 'openapi' });

  function faults(schemaAt: string, value: unknown): string {
    ajv.validate({ $ref: `openapi#${schemaAt}` }, value);
    return ajv.errors ? ajv.errorsText(ajv.errors) : '';
  }

  function operation(method: string, route: string): Operation {
    const found = document.paths[route]?.[method.toLowerCase()];
    if (!found) throw new Error(`docs/openapi.yaml has no ${method} ${route}`);
    return found;
  }

  const pointer = (...parts: string[]) =>
    parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
  const JSON_SCHEMA = ['content', 'application/json', 'schema'];

  return {
    document,
    /** The faults of a request body, or an empty text. */
    requestFaults(method: string, route: string, body: unknown): string {
      operation(method, route);
      return faults(pointer('paths', route, method.toLowerCase(), 'requestBody', ...JSON_SCHEMA), body);
    },
    /** The faults of a response, or an empty text. */
    responseFaults(method: string, route: string, status: number, body: unknown): string {
      const response = operation(method, route).responses[status];
      if (!response) return `${method} ${route} has no response ${status}`;
      const at = response.$ref
        ? response.$ref.slice(1)
        : pointer('paths', route, method.toLowerCase(), 'responses', String(status));
      const named = response.$ref
        ? document.components.responses[response.$ref.split('/').at(-1) ?? '']
        : response;
      if (!named?.content)
        return body === undefined ? '' : 'the response has a body, but the document has none';
      return faults(`${at}${pointer(...JSON_SCHEMA)}`, body);
    },
  };
}
