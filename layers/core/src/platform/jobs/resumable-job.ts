// Read this folder from the top: line-import → ordered-window, and table-scan, which are the kinds of jobs; then
// resumable-job, which saves their positions. lease stops a second run.

/** Keeps the state of a job, so that a later run continues where this one ended. */
export interface Checkpoint {
  load(): Promise<unknown>;
  save(state: object): Promise<void>;
  clear(): Promise<void>;
}

/** How far one segment of a table is: not begun, after an item, or done. */
export type Position = null | Record<string, unknown> | 'done';

export interface JobState<Scan extends string, Count extends string> {
  /** What the job works on. The state of another job cannot be used. */
  identity: string;
  scans: Record<Scan, Position[]>;
  /** Of finished pages only: a page that an error or a kill cuts short is visited, and counted, again. */
  counts: Record<Count, number>;
}

/** What one page adds to the counts of its job. */
export type PageCounts<Count extends string> = Partial<Record<Count, number>>;

export interface Job<Scan extends string, Count extends string> {
  readonly state: JobState<Scan, Count>;
  readonly resumed: boolean;
  /** Call it after each page, with what the page adds to the counts. It saves at most once in `saveEveryMs`. */
  pageDone(counts: PageCounts<Count>): Promise<void>;
  save(): Promise<void>;
  clear(): Promise<void>;
}

export interface JobOptions {
  /** Parts that each table is read in. */
  segments?: number;
  checkpoint?: Checkpoint;
  /** Start from the beginning, although an interrupted run left a checkpoint. */
  fresh?: boolean;
  /** How often the checkpoint is saved, in milliseconds. */
  saveEveryMs?: number;
}

const DEFAULT_SEGMENTS = 16;

/** What a job does: on what, in which scans, and what it counts. */
export interface JobDefinition<Scan extends string, Count extends string> {
  identity: string;
  scans: readonly Scan[];
  counts: readonly Count[];
}

/**
 * Starts a job, or resumes one that was interrupted. A state that belongs to other tables or keys, or that cannot be
 * read, is ignored: every job can start from the beginning at any time, it only takes longer.
 */
export async function startJob<Scan extends string, Count extends string>(
  definition: JobDefinition<Scan, Count>,
  { segments = DEFAULT_SEGMENTS, checkpoint, fresh, saveEveryMs = 1000 }: JobOptions = {},
): Promise<Job<Scan, Count>> {
  const saved = fresh ? undefined : await checkpoint?.load();
  const resumed = isStateOf(saved, definition.identity);
  const state = (resumed ? saved : newState(definition, segments)) as JobState<Scan, Count>;
  let lastSave = performance.now();
  let saving: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    lastSave = performance.now();
    // One after the other: segments finish their pages at the same time.
    saving = saving.then(() => checkpoint?.save(state));
    return saving;
  }

  async function pageDone(page: PageCounts<Count>): Promise<void> {
    // Before anything else, in step with the position: another segment may save the state at any time.
    for (const [name, added] of Object.entries<number | undefined>(page))
      state.counts[name as Count] += added ?? 0;
    if (performance.now() - lastSave >= saveEveryMs) await save();
  }

  return {
    state,
    resumed,
    save,
    pageDone,
    clear: async () => checkpoint?.clear(),
  };
}

function newState(
  { identity, scans, counts }: JobDefinition<string, string>,
  segments: number,
): JobState<string, string> {
  return {
    identity,
    scans: Object.fromEntries(scans.map((scan) => [scan, Array<Position>(segments).fill(null)])),
    counts: Object.fromEntries(counts.map((count) => [count, 0])),
  };
}

function isStateOf(saved: unknown, identity: string): boolean {
  return typeof saved === 'object' && saved !== null && 'identity' in saved && saved.identity === identity;
}

/** Runs a job, and keeps its checkpoint unless it ends. Returns whether it ended. */
export async function runJob(job: Job<string, string>, run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
  } catch (error) {
    // The error that ended the job matters more than an error while saving its state.
    await job.save().catch(() => {});
    throw error;
  }
  const done = Object.values(job.state.scans).every((positions) =>
    positions.every((position) => position === 'done'),
  );
  await (done ? job.clear() : job.save());
  return done;
}
