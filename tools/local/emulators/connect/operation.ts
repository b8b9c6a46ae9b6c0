import type { JsonObject } from '#tools/local/template/index.ts';
import type { ConnectWorld } from './world.ts';

/** One request: what stood in the path, in the query and in the body. */
export interface OperationInput {
  path: Record<string, string>;
  query: URLSearchParams;
  body: JsonObject;
}

/** What a change of a user is reported as. */
export interface UserChange {
  requestParameters: JsonObject;
  responseElements: JsonObject | null;
}

export interface OperationResult {
  body: unknown;
  change?: UserChange;
}

export type Operation = (world: ConnectWorld, input: OperationInput) => OperationResult;

/** Tags and the like: every value as a text. */
export function texts(object: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, String(value)]));
}
