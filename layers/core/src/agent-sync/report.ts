import type { BlockReason } from '#core/directory/numbers.ts';
import type { PreferenceRefusal } from '#core/directory/preferred-extension.ts';

/** The counts of one run. */
export interface SyncCounts {
  /** Users that Connect listed. */
  users: number;
  added: number;
  /** Agents whose names, preferred extension, or listing changed. */
  updated: number;
  /** Agents who got the preferred extension in place of another one. */
  reassigned: number;
  removed: number;
  /** Waiting agents who got an extension. */
  assigned: number;
  /** Agents on the waiting list after the run. */
  waiting: number;
  /** Unused extensions after the run. */
  extensionsUnused: number;
  /** Extensions of agents that the range no longer contains. */
  extensionsOutOfRange: number;
  refused: number;
  /** Changes for the next run, because another write changed the same item. */
  postponed: number;
  extensionsAdded: number;
  extensionsRemoved: number;
  /** Phone numbers that Connect listed. */
  numbers: number;
  /** Direct numbers that joined the directory. */
  numbersAdded: number;
  /** Direct numbers that were blocked and can be assigned now. */
  numbersUnblocked: number;
  /** Direct numbers that can no longer be assigned. */
  numbersBlocked: number;
  /** Direct numbers that left the directory, because the instance no longer has them. */
  numbersRemoved: number;
  /** Direct numbers of agents that the instance no longer has. */
  numbersRevoked: number;
  /** Unused direct numbers after the run. */
  numbersUnused: number;
  connectCalls: number;
}

/** One change. It contains IDs and numbers, but no names. */
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
  /** The agent that had the number. */
  agentId?: string;
  /** Why it is blocked. */
  reason?: BlockReason;
}

/** A request that the sync did not fulfill, or a fault that it found. */
export interface SyncRefusal {
  reason:
    | PreferenceRefusal
    | 'INCOMPLETE_USER'
    | 'NOT_IN_CONNECT'
    | 'STILL_IN_CONNECT'
    | 'ASSIGNMENT_DAMAGED'
    /** A phone number has no ID, or is not in E.164. */
    | 'INCOMPLETE_NUMBER'
    /** Another flow, or none, answers an agent's direct number. Its callers do not reach the agent. */
    | 'NUMBER_MISROUTED'
    /** The instance does not list an agent's direct number. If the next run does not find it either, it revokes it. */
    | 'NUMBER_MISSING'
    /** The phone numbers of the instance could not be read; the log says why. */
    | 'NUMBERS_NOT_READ';
  agentId?: string;
  extension?: string;
  phoneNumber?: string;
}

/**
 * - `DONE`: the directory matches Connect.
 * - `PARTIAL`: time ran out, or some changes are left for the next run.
 * - `REFUSED`: the shrink guard rejected the response of Connect. The agents or the direct numbers did not change.
 * - `BUSY`: another run holds the lease.
 * - `SKIPPED`: the event does not concern the directory.
 */
export type SyncStatus = 'DONE' | 'PARTIAL' | 'REFUSED' | 'BUSY' | 'SKIPPED';

export interface SyncResult {
  status: SyncStatus;
  /** Why it is not `DONE`. */
  message?: string;
  counts: SyncCounts;
  /** The first changes and refusals, at most 200 of each. `counts` counts all. */
  changes: SyncChange[];
  refused: SyncRefusal[];
  /** At most 200 extensions in use that the range no longer contains. */
  extensionsOutOfRange: string[];
}

const MAX_LISTED = 200;

/** Collects the result of a run. */
export interface SyncReport {
  counts: SyncCounts;
  addChange(change: SyncChange): void;
  addRefusal(refusal: SyncRefusal): void;
  /** Whether the run changed anything. */
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
  const extensionsOutOfRange = new Set<string>();
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
      if (extensionsOutOfRange.size < MAX_LISTED) extensionsOutOfRange.add(extension);
    },
    finish: (status, message) => ({
      status,
      ...(message === undefined ? {} : { message }),
      counts,
      changes,
      refused,
      extensionsOutOfRange: [...extensionsOutOfRange].sort(),
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
