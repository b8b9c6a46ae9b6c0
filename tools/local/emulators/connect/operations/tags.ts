import { objectAt } from '#tools/json.ts';
import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  toStrings,
  type UserChange,
} from '#tools/local/emulators/connect/operation.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import { notFound } from '#tools/local/emulators/errors.ts';

export const TAG_ROUTES = defineRoutes(
  {
    TagResource: ['POST', '/tags/{resourceArn+}', tagResource],
    UntagResource: ['DELETE', '/tags/{resourceArn+}', untagResource],
    ListTagsForResource: ['GET', '/tags/{resourceArn+}', listTagsForResource],
  },
  { instance: false },
);

function tagResource(state: ConnectState, { path, body }: OperationInput): OperationResult {
  const { tags, change } = taggedAt(state, path);
  change({ ...tags, ...toStrings(objectAt(body, 'tags')) });
  return { body: {}, change: tagged(path) };
}

function untagResource(state: ConnectState, { path, query }: OperationInput): OperationResult {
  const { tags, change } = taggedAt(state, path);
  const gone = query.getAll('tagKeys');
  change(Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.includes(key))));
  return { body: {}, change: tagged(path) };
}

function listTagsForResource(state: ConnectState, { path }: OperationInput): OperationResult {
  return { body: { tags: taggedAt(state, path).tags } };
}

/** Reported for every resource. Listeners filter by ARN. */
function tagged({ resourceArn = '' }: Record<string, string>): UserChange {
  return { requestParameters: { resourceArn }, responseElements: null };
}

interface Tagged {
  tags: Record<string, string>;
  change(tags: Record<string, string>): void;
}

/** A user, a flow or a number, by its ARN. */
function taggedAt({ users, flows, numbers }: ConnectState, path: Record<string, string>): Tagged {
  const arn = path.resourceArn ?? '';
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  const tagged = taggedIn(users, id, arn) ?? taggedIn(flows, id, arn) ?? taggedIn(numbers, id, arn);
  if (!tagged) throw notFound('There is no resource with this ARN here.');
  return tagged;
}

function taggedIn<T extends { Arn: string; Tags: Record<string, string> }>(
  store: { get(id: string): T | undefined; put(entry: T): void },
  id: string,
  arn: string,
): Tagged | undefined {
  const entry = store.get(id);
  if (entry?.Arn !== arn) return undefined;
  return { tags: entry.Tags, change: (Tags) => store.put({ ...entry, Tags }) };
}
