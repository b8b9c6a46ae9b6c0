import type { DynamoDBRecord } from 'aws-lambda';
import { contactIdOf, PROFILE } from '#core/contacts/table-keys.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import type { RecordFailure } from '#core/platform/handlers/stream.ts';
import { INDEX_DEFINITIONS, type IndexDefinition, isHash, rowPartitions } from './index-definitions.ts';

/** For each contact the hashes that it gained or lost, as the partition keys of their rows in LookupTable. */
export type ChangedHashes = Map<string, Set<string>>;

/** The content of a batch of stream records. */
export interface IndexChanges {
  changed: ChangedHashes;
  records: { record: DynamoDBRecord; contactId: string }[];
  /** The records that cannot be read. */
  malformed: RecordFailure[];
}

/**
 * Reads a batch of the stream of ContactsTable. Records may arrive late, so this takes from them only which hashes
 * changed, never which hashes a contact has.
 */
export function readIndexChanges(
  batch: readonly DynamoDBRecord[],
  definitions: readonly IndexDefinition[] = INDEX_DEFINITIONS,
): IndexChanges {
  const changes: IndexChanges = { changed: new Map(), records: [], malformed: [] };
  for (const record of batch) {
    try {
      const change = readChange(record, definitions);
      if (!change) continue;
      const hashes = changes.changed.get(change.contactId) ?? new Set<string>();
      for (const hash of change.hashes) hashes.add(hash);
      if (hashes.size > 0) changes.changed.set(change.contactId, hashes);
      changes.records.push({ record, contactId: change.contactId });
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      changes.malformed.push({ record, error });
    }
  }
  return changes;
}

/** Undefined for an item that is no profile: the filter of the event source excludes those, other sources may not. */
function readChange({ eventName, dynamodb }: DynamoDBRecord, definitions: readonly IndexDefinition[]) {
  const sk = dynamodb?.Keys?.sk?.S;
  if (sk !== undefined && sk !== PROFILE) return undefined;
  const contactId = contactIdOf(dynamodb?.Keys?.pk?.S);
  if (sk === undefined || contactId === undefined || !/^[A-Za-z0-9_-]{1,64}$/.test(contactId)) {
    throw malformedRecord('its key is not the key of a contact');
  }
  const before = eventName === 'INSERT' ? new Set<string>() : partitionsOf(dynamodb?.OldImage, definitions);
  const after = eventName === 'REMOVE' ? new Set<string>() : partitionsOf(dynamodb?.NewImage, definitions);
  return { contactId, hashes: before.symmetricDifference(after) };
}

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

function partitionsOf(image: Image, definitions: readonly IndexDefinition[]): Set<string> {
  if (!image) throw malformedRecord('an image is missing');
  const attributes = definitions.map(
    (definition) => [definition.attribute, hashesIn(image, definition)] as const,
  );
  return rowPartitions(definitions, Object.fromEntries(attributes));
}

function hashesIn(image: NonNullable<Image>, { name, attribute }: IndexDefinition): Set<string> {
  const value = image[attribute];
  if (value === undefined) return new Set();
  const hashes: unknown = value.SS;
  if (Array.isArray(hashes) && hashes.every(isHash)) return new Set(hashes);
  throw malformedRecord(`its ${name} are not a set of hashes`);
}

function malformedRecord(reason: string): InvalidInputError {
  return new InvalidInputError('MALFORMED_RECORD', `The record is not the change of a contact: ${reason}.`);
}
