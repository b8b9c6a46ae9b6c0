/** Keeps the state of a job somewhere, so that a later run goes on where this one ended. */
export interface Checkpoint {
  load(): Promise<unknown>;
  save(state: object): Promise<void>;
  clear(): Promise<void>;
}

/** Where one segment of a table stands: not begun, after an item, or done. */
export type Position = null | Record<string, unknown> | 'done';

export interface JobState<Sweep extends string, Count extends string> {
  /** What the job works on; the state of another job is of no use. */
  identity: string;
  sweeps: Record<Sweep, Position[]>;
  /** Of finished pages only: a page that an error or a kill cuts short is visited, and counted, again. */
  counts: Record<Count, number>;
}

/** What one page adds to the counts of its job. */
export type PageCounts<Count extends string> = Partial<Record<Count, number>>;

export interface Job<Sweep extends string, Count extends string> {
  readonly state: JobState<Sweep, Count>;
  readonly resumed: boolean;
  /** To be called after each page, with what it adds to the counts; saves at most once in `everyMs`. */
  pageDone(counts: PageCounts<Count>): Promise<void>;
  save(): Promise<void>;
  clear(): Promise<void>;
}

/**
 * Begins a job, or takes up one that was interrupted. A state that belongs to other tables or keys, or that
 * cannot be read, is put aside: every job may start from the top at any time, it only takes longer.
 */
export async function startJob<Sweep extends string, Count extends string>(options: {
  identity: string;
  sweeps: readonly Sweep[];
  counts: readonly Count[];
  segments: number;
  checkpoint: Checkpoint | undefined;
  fresh: boolean | undefined;
  everyMs: number | undefined;
}): Promise<Job<Sweep, Count>> {
  const { identity, checkpoint, everyMs = 1000 } = options;
  const saved = options.fresh ? undefined : await checkpoint?.load();
  const resumed = isStateOf(saved, identity);
  const state = (resumed ? saved : newState(options)) as JobState<Sweep, Count>;
  let lastSave = performance.now();
  let saving: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    lastSave = performance.now();
    // One after the other: segments finish their pages at the same time.
    saving = saving.then(() => checkpoint?.save(state));
    return saving;
  }

  async function pageDone(page: PageCounts<Count>): Promise<void> {
    // At once, in step with the position: a state is saved at any time.
    for (const [name, added] of Object.entries<number | undefined>(page))
      state.counts[name as Count] += added ?? 0;
    if (performance.now() - lastSave >= everyMs) await save();
  }

  return {
    state,
    resumed,
    save,
    pageDone,
    clear: async () => checkpoint?.clear(),
  };
}

function newState({
  identity,
  sweeps,
  counts,
  segments,
}: {
  identity: string;
  sweeps: readonly string[];
  counts: readonly string[];
  segments: number;
}): JobState<string, string> {
  return {
    identity,
    sweeps: Object.fromEntries(sweeps.map((sweep) => [sweep, Array<Position>(segments).fill(null)])),
    counts: Object.fromEntries(counts.map((count) => [count, 0])),
  };
}

function isStateOf(saved: unknown, identity: string): boolean {
  return typeof saved === 'object' && saved !== null && 'identity' in saved && saved.identity === identity;
}

/** Runs a job and leaves a checkpoint unless it got to its end; says whether it did. */
export async function runJob(job: Job<string, string>, run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
  } catch (error) {
    // The error that ended the job matters more than one of saving its state.
    await job.save().catch(() => {});
    throw error;
  }
  const done = Object.values(job.state.sweeps).every(isDone);
  await (done ? job.clear() : job.save());
  return done;
}

/** Whether a sweep has nothing left to do. */
const isDone = (positions: readonly Position[]) => positions.every((position) => position === 'done');
