import {
  DIRECT_POOL,
  type DirectoryNumber,
  getNumber,
  type NumberStatus,
  readDirectDetails,
} from '#core/directory/numbers.ts';
import { type Directory, directoryBusyError, writeActions } from '#core/directory/table.ts';
import { changeNumberState } from '#core/directory/transitions.ts';
import { CONFLICT, retryOnConflict } from '#core/platform/dynamodb/retry-on-conflict.ts';
import { ConflictError, NotFoundError } from '#core/platform/errors.ts';

const MAX_ATTEMPTS = 8;

/**
 * Takes a number out of service: `BLOCKED` with the reason `MANUAL`, from any state but `ASSIGNED`. A reserved number can
 * no longer be chosen. Repeating the call changes nothing.
 *
 * @throws {NotFoundError} `NUMBER_NOT_FOUND`
 * @throws {ConflictError} `NUMBER_ASSIGNED`
 */
export function blockNumber(directory: Directory, number: string): Promise<DirectoryNumber> {
  return updateStatus(directory, number, (record) => {
    if (record.state === 'ASSIGNED') {
      throw new ConflictError(
        'NUMBER_ASSIGNED',
        `The number ${number} is assigned to the user ${record.owner.agentId}. Release it (POST /phonebook/release), then block it.`,
      );
    }
    if (record.state === 'BLOCKED' && record.reason === 'MANUAL') return undefined;
    const heldUntil = quarantineEndOf(record);
    return { state: 'BLOCKED', reason: 'MANUAL', ...(heldUntil === undefined ? {} : { heldUntil }) };
  });
}

/**
 * Puts a number back into service. A quarantine that has not ended continues. A number of the instance stays blocked with
 * `NO_FLOW` until the next sync has read which flow answers it. A number that is blocked for another reason does not
 * change.
 *
 * @param now milliseconds since 1970
 * @throws {NotFoundError} `NUMBER_NOT_FOUND`
 */
export function unblockNumber(directory: Directory, number: string, now: number): Promise<DirectoryNumber> {
  return updateStatus(directory, number, (record) => {
    if (record.state !== 'BLOCKED' || record.reason !== 'MANUAL') return undefined;
    const { heldUntil } = record;
    const held = heldUntil !== undefined && Date.parse(heldUntil) > now;
    if (record.pool === DIRECT_POOL && record.source !== 'import') {
      return { state: 'BLOCKED', reason: 'NO_FLOW', ...(held ? { heldUntil } : {}) };
    }
    return held ? { state: 'QUARANTINED', dueAt: heldUntil } : { state: 'UNUSED' };
  });
}

function quarantineEndOf(record: DirectoryNumber): string | undefined {
  if (record.state === 'QUARANTINED') return record.dueAt;
  return record.state === 'BLOCKED' ? record.heldUntil : undefined;
}

/** @param nextStatus returns undefined when the number does not change */
async function updateStatus(
  directory: Directory,
  number: string,
  nextStatus: (record: DirectoryNumber) => NumberStatus | undefined,
): Promise<DirectoryNumber> {
  const outcome = await retryOnConflict(MAX_ATTEMPTS, async () => {
    const record = await getNumber(directory, number, { consistent: true });
    if (!record)
      throw new NotFoundError('NUMBER_NOT_FOUND', `The directory does not have the number ${number}.`);
    const status = nextStatus(record);
    if (!status) return record;
    const failed = await writeActions(directory, [changeNumberState(directory, record, status)]);
    return failed.length === 0
      ? { number, pool: record.pool, ...readDirectDetails(record), ...status }
      : CONFLICT;
  });
  if (outcome === CONFLICT) throw directoryBusyError();
  return outcome;
}
