import type { BlockReason } from '#core/directory/numbers.ts';
import type { PreferenceRefusal } from '#core/directory/preferred-extension.ts';

/** What a run did, in numbers. */
export interface SyncCounts {
  /** Users that Connect told of. */
  users: number;
  added: number;
  /** Agents whose names, or whose wish for an extension, changed. */
  updated: number;
  /** Agents who got the extension that they ask for instead of the one they had. */
  reassigned: number;
  removed: number;
  /** Agents who had waited and got an extension. */
  assigned: number;
  /** Agents without an extension after the run. */
  waiting: number;
  /** Extensions that nobody has after the run. */
  extensionsUnused: number;
  /** Extensions in use that the range no longer contains. */
  extensionsOutOfRange: number;
  refused: number;
  /** Left to the next run, because somebody else was changing the same. */
  postponed: number;
  extensionsAdded: number;
  extensionsRemoved: number;
  /** Phone numbers that Connect told of. */
  numbers: number;
  /** Direct numbers that are new to the directory. */
  numbersAdded: number;
  /** … that were blocked and can be assigned now. */
  numbersUnblocked: number;
  /** … that cannot be assigned any more. */
  numbersBlocked: number;
  /** … that left the directory, because the instance no longer has them. */
  numbersRemoved: number;
  /** … that were an agent's, and that the instance no longer has. */
  numbersRevoked: number;
  /** Direct numbers that nobody has after the run. */
  numbersUnused: number;
  connectCalls: number;
}

/** One change, by ids, extensions and direct numbers; names stay in the table. */
export type SyncChange = AgentSyncChange | NumberSyncChange;

interface AgentSyncChange {
  change: 'ADDED' | 'UPDATED' | 'REASSIGNED' | 'REMOVED' | 'ASSIGNED';
  agentId: string;
  extension?: string;
  previousExtension?: string;
}

interface NumberSyncChange {
  change: 'NUMBER_ADDED' | 'NUMBER_UNBLOCKED' | 'NUMBER_BLOCKED' | 'NUMBER_REMOVED' | 'NUMBER_REVOKED';
  phoneNumber: string;
  /** Whose it was. */
  agentId?: string;
  /** Why it is blocked. */
  reason?: BlockReason;
}

/** What the sync was asked for and did not do. */
export interface SyncRefusal {
  reason:
    | PreferenceRefusal
    | 'INCOMPLETE_USER'
    | 'NOT_IN_CONNECT'
    | 'STILL_IN_CONNECT'
    | 'ASSIGNMENT_DAMAGED'
    /** A phone number without an id, or not in E.164. */
    | 'INCOMPLETE_NUMBER'
    /** An agent's direct number that another flow answers, or none: its callers do not reach the agent. */
    | 'NUMBER_MISROUTED'
    /** An agent's direct number that the instance did not tell of: the next run takes it, if it is missed again. */
    | 'NUMBER_MISSING'
    /** The phone numbers of the instance could not be read; the log says why. */
    | 'NUMBERS_NOT_READ';
  agentId?: string;
  /** The extension it is about. */
  extension?: string;
  /** The direct number it is about. */
  phoneNumber?: string;
}

/**
 * - `DONE`: the directory is what Connect says.
 * - `PARTIAL`: time ran out, or something was left to the next run.
 * - `REFUSED`: Connect's answer is empty or far too short; what it is about, agents or direct numbers, was not changed.
 * - `BUSY`: another run is at work.
 * - `SKIPPED`: the event asked for nothing that the directory keeps.
 */
export type SyncStatus = 'DONE' | 'PARTIAL' | 'REFUSED' | 'BUSY' | 'SKIPPED';

export interface SyncResult {
  status: SyncStatus;
  /** Why it is not `DONE`. */
  message?: string;
  counts: SyncCounts;
  /** The first changes and refusals, `MOST_LISTED` of each; `counts` has them all. */
  changes: SyncChange[];
  refused: SyncRefusal[];
  /** The first `MOST_LISTED` extensions in use that the range no longer contains. */
  extensionsOutOfRange: string[];
}

const MAX_LISTED = 200;

/** Collects a result while a run is at work. */
export interface SyncReport {
  counts: SyncCounts;
  addChange(change: SyncChange): void;
  addRefusal(refusal: SyncRefusal): void;
  /** Whether something was changed that others want to know of. */
  readonly hasChanges: boolean;
  addOutOfRange(extension: string): void;
  finish(status: SyncStatus, message?: string): SyncResult;
}

export function createSyncReport(): SyncReport {
  const counts: SyncCounts = {
    users: 0,
    added: 0,
    updated: 0,
    reassigned: 0,
    removed: 0,
    assigned: 0,
    waiting: 0,
    extensionsUnused: 0,
    extensionsOutOfRange: 0,
    refused: 0,
    postponed: 0,
    extensionsAdded: 0,
    extensionsRemoved: 0,
    numbers: 0,
    numbersAdded: 0,
    numbersUnblocked: 0,
    numbersBlocked: 0,
    numbersRemoved: 0,
    numbersRevoked: 0,
    numbersUnused: 0,
    connectCalls: 0,
  };
  const changes: SyncChange[] = [];
  const refused: SyncRefusal[] = [];
  const keptOutOfRange = new Set<string>();
  return {
    counts,
    addChange(change) {
      counts[COUNT_NAMES[change.change]] += 1;
      if (changes.length < MAX_LISTED) changes.push(change);
    },
    addRefusal(refusal) {
      counts.refused += 1;
      if (refused.length < MAX_LISTED) refused.push(refusal);
    },
    get hasChanges() {
      return Object.values(COUNT_NAMES).some((name) => counts[name] > 0);
    },
    addOutOfRange(extension) {
      if (keptOutOfRange.size < MAX_LISTED) keptOutOfRange.add(extension);
    },
    finish: (status, message) => ({
      status,
      ...(message === undefined ? {} : { message }),
      counts,
      changes,
      refused,
      extensionsOutOfRange: [...keptOutOfRange].sort(),
    }),
  };
}

const COUNT_NAMES = {
  ADDED: 'added',
  UPDATED: 'updated',
  REASSIGNED: 'reassigned',
  REMOVED: 'removed',
  ASSIGNED: 'assigned',
  NUMBER_ADDED: 'numbersAdded',
  NUMBER_UNBLOCKED: 'numbersUnblocked',
  NUMBER_BLOCKED: 'numbersBlocked',
  NUMBER_REMOVED: 'numbersRemoved',
  NUMBER_REVOKED: 'numbersRevoked',
} as const;
