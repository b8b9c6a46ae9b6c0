import type { DynamoDBRecord } from 'aws-lambda';
import { contactIdOf, PROFILE } from '#core/contacts/keys.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';

/** For each contact the hashes that it gained or lost. */
export type ChangedHashes = Map<string, Set<string>>;

/** What a batch of stream records says, and which records say nothing that can be understood. */
export interface IndexChanges {
  changed: ChangedHashes;
  records: { record: DynamoDBRecord; contactId: string }[];
  malformed: RecordFailure[];
}

/**
 * Reads a batch of the stream of ContactsTable. What the records say the keys are is not trusted, they may come
 * late; only which keys moved is taken from them.
 */
export function readIndexChanges(batch: readonly DynamoDBRecord[]): IndexChanges {
  const changes: IndexChanges = { changed: new Map(), records: [], malformed: [] };
  for (const record of batch) {
    try {
      const change = readChange(record);
      if (!change) continue;
      const touched = changes.changed.get(change.contactId) ?? new Set<string>();
      for (const hash of change.moved) touched.add(hash);
      if (touched.size > 0) changes.changed.set(change.contactId, touched);
      changes.records.push({ record, contactId: change.contactId });
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      changes.malformed.push({ record, error });
    }
  }
  return changes;
}

/** Undefined for an item that is no profile: the event source filters those out, other sources may not. */
function readChange({ eventName, dynamodb }: DynamoDBRecord) {
  const sk = dynamodb?.Keys?.sk?.S;
  if (sk !== undefined && sk !== PROFILE) return undefined;
  const contactId = contactIdOf(dynamodb?.Keys?.pk?.S);
  if (sk === undefined || contactId === undefined || !/^[A-Za-z0-9_-]{1,64}$/.test(contactId)) {
    throw malformed('its key is not that of a contact');
  }
  const before = eventName === 'INSERT' ? new Set<string>() : keysOf(dynamodb?.OldImage);
  const after = eventName === 'REMOVE' ? new Set<string>() : keysOf(dynamodb?.NewImage);
  return { contactId, moved: before.symmetricDifference(after) };
}

function keysOf(image: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']): Set<string> {
  if (!image) throw malformed('an image is missing');
  if (image.keys === undefined) return new Set();
  const keys: unknown = image.keys.SS;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string' && /^[\w-]{43}$/.test(key))) {
    throw malformed('its keys are not a set of hashes');
  }
  return new Set(keys as string[]);
}

function malformed(what: string): InvalidInputError {
  return new InvalidInputError('MALFORMED_RECORD', `The record is no change of a contact: ${what}.`);
}
