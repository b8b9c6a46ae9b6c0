import type { PreferenceRefusal } from '../preferred.ts';

/** What a run did, in numbers. */
export interface SyncCounts {
  /** Users that Connect told of. */
  users: number;
  added: number;
  /** Agents whose names, or whose wish for an extension, changed. */
  renamed: number;
  /** Agents who got the extension that they ask for instead of the one they had. */
  moved: number;
  removed: number;
  /** Agents who had waited and got an extension. */
  served: number;
  /** Agents without an extension after the run. */
  waiting: number;
  /** Extensions that nobody has after the run. */
  unused: number;
  /** Extensions in use that the range no longer contains. */
  outOfRange: number;
  refused: number;
  /** Left to the next run, because somebody else was changing the same. */
  postponed: number;
  extensionsAdded: number;
  extensionsRemoved: number;
  connectCalls: number;
}

/** One change, by ids and extensions; names stay in the table. */
export interface SyncChange {
  change: 'ADDED' | 'RENAMED' | 'MOVED' | 'REMOVED' | 'SERVED';
  agentId: string;
  extension?: string;
  previousExtension?: string;
}

/** What the sync was asked for and did not do. */
export interface SyncRefusal {
  reason: PreferenceRefusal | 'INCOMPLETE_USER' | 'NOT_IN_CONNECT' | 'STILL_IN_CONNECT' | 'NUMBER_LOST';
  agentId?: string;
  /** The extension it is about. */
  extension?: string;
}

/**
 * - `DONE`: the directory is what Connect says.
 * - `PARTIAL`: time ran out, or something was left to the next run.
 * - `REFUSED`: Connect's answer is empty or far too short; no agent was changed.
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
  keptOutOfRange: string[];
}

const MOST_LISTED = 200;

/** Collects a result while a run is at work. */
export interface Report {
  counts: SyncCounts;
  changed(change: SyncChange): void;
  refuse(refusal: SyncRefusal): void;
  /** Whether something was changed that others want to know of. */
  readonly hasChanges: boolean;
  keep(extension: string): void;
  result(status: SyncStatus, message?: string): SyncResult;
}

export function createReport(): Report {
  const counts: SyncCounts = {
    users: 0,
    added: 0,
    renamed: 0,
    moved: 0,
    removed: 0,
    served: 0,
    waiting: 0,
    unused: 0,
    outOfRange: 0,
    refused: 0,
    postponed: 0,
    extensionsAdded: 0,
    extensionsRemoved: 0,
    connectCalls: 0,
  };
  const changes: SyncChange[] = [];
  const refused: SyncRefusal[] = [];
  const keptOutOfRange = new Set<string>();
  return {
    counts,
    changed(change) {
      counts[COUNTED_AS[change.change]] += 1;
      if (changes.length < MOST_LISTED) changes.push(change);
    },
    refuse(refusal) {
      counts.refused += 1;
      if (refused.length < MOST_LISTED) refused.push(refusal);
    },
    get hasChanges() {
      return counts.added + counts.renamed + counts.moved + counts.removed + counts.served > 0;
    },
    keep(extension) {
      if (keptOutOfRange.size < MOST_LISTED) keptOutOfRange.add(extension);
    },
    result: (status, message) => ({
      status,
      ...(message === undefined ? {} : { message }),
      counts,
      changes,
      refused,
      keptOutOfRange: [...keptOutOfRange].sort(),
    }),
  };
}

const COUNTED_AS = {
  ADDED: 'added',
  RENAMED: 'renamed',
  MOVED: 'moved',
  REMOVED: 'removed',
  SERVED: 'served',
} as const;
