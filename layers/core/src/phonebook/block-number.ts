import {
  DIRECT_POOL,
  type DirectoryNumber,
  getNumber,
  type NumberStatus,
  readDirectDetails,
} from '#core/directory/numbers.ts';
import { type Directory, directoryBusyError, writeActions } from '#core/directory/table.ts';
import { changeNumberState } from '#core/directory/transitions.ts';
import { ConflictError, NotFoundError } from '#core/platform/errors.ts';

/** Each attempt that fails has met somebody who changed the same number. */
const ATTEMPTS = 8;

/**
 * A person takes a number out of service, whatever it was: `BLOCKED`, `MANUAL`. One that is reserved cannot be chosen
 * any more. The same again changes nothing.
 *
 * @throws {NotFoundError} `NUMBER_NOT_FOUND`
 * @throws {ConflictError} `NUMBER_ASSIGNED`: its agent has to give it up first
 */
export function blockNumber(directory: Directory, number: string): Promise<DirectoryNumber> {
  return change(directory, number, (record) => {
    if (record.state === 'ASSIGNED') {
      throw new ConflictError(
        'NUMBER_ASSIGNED',
        `The number ${number} is the user's ${record.owner.agentId}. Release it first (POST /phonebook/release), then block it.`,
      );
    }
    if (record.state === 'BLOCKED' && record.reason === 'MANUAL') return undefined;
    const heldUntil = record.state === 'QUARANTINED' ? record.dueAt : heldUntilOf(record);
    return { state: 'BLOCKED', reason: 'MANUAL', ...(heldUntil === undefined ? {} : { heldUntil }) };
  });
}

/**
 * … and takes it back: it goes on with its quarantine when that is not over. Who answers a number of the instance is
 * for the next sync to say, so until then it is blocked as one that nobody answers. One that is not blocked by hand is
 * left as it is.
 *
 * @param now milliseconds since 1970
 * @throws {NotFoundError} `NUMBER_NOT_FOUND`
 */
export function unblockNumber(directory: Directory, number: string, now: number): Promise<DirectoryNumber> {
  return change(directory, number, (record) => {
    if (record.state !== 'BLOCKED' || record.reason !== 'MANUAL') return undefined;
    const { heldUntil } = record;
    const held = heldUntil !== undefined && Date.parse(heldUntil) > now;
    if (record.pool === DIRECT_POOL && record.source !== 'import') {
      return { state: 'BLOCKED', reason: 'NO_FLOW', ...(held ? { heldUntil } : {}) };
    }
    return held ? { state: 'QUARANTINED', dueAt: heldUntil } : { state: 'UNUSED' };
  });
}

function heldUntilOf(record: DirectoryNumber): string | undefined {
  return record.state === 'BLOCKED' ? record.heldUntil : undefined;
}

/** @param decide undefined: nothing is to be changed */
async function change(
  directory: Directory,
  number: string,
  decide: (record: DirectoryNumber) => NumberStatus | undefined,
): Promise<DirectoryNumber> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const record = await getNumber(directory, number, { consistent: true });
    if (!record) throw new NotFoundError('NUMBER_NOT_FOUND', `The directory has no number ${number}.`);
    const to = decide(record);
    if (!to) return record;
    if ((await writeActions(directory, [changeNumberState(directory, record, to)])).length === 0) {
      return { number, pool: record.pool, ...readDirectDetails(record), ...to };
    }
  }
  throw directoryBusyError();
}
