import {
  importLines,
  type LineImport,
  type LineImportState,
  type SourceLine,
} from '#core/platform/jobs/line-import.ts';

interface TestLine extends SourceLine {
  text: string;
}

class BadRow extends Error {}

/** Imports the letters a to t, of which e is rejected. Everything is in memory. */
function createImport(options: Partial<LineImport<TestLine, string>> = {}) {
  const written: string[] = [];
  const rejected: string[] = [];
  const saved: LineImportState[] = [];
  async function* lines(from: number): AsyncGenerator<TestLine> {
    for (let at = from; at < 20; at += 1) {
      yield { line: at + 1, end: at + 1, nextLine: at + 2, text: String.fromCharCode(97 + at) };
    }
  }
  const run = (state: LineImportState = newState()) => {
    rejected.length = state.rejectedLength;
    return importLines<TestLine, string>({
      lines: lines(state.offset),
      state,
      parse: ({ text }) => text,
      keyOf: (row) => row,
      write: async (row) => {
        if (row === 'e') throw new BadRow();
        written.push(row);
        return 'written';
      },
      rejectionOf: (error) => (error instanceof BadRow ? { reason: 'It is e.' } : undefined),
      rejected: {
        get length() {
          return rejected.length;
        },
        add: async ({ text }, { reason }) => void rejected.push(`${text}: ${reason}`),
        flush: async () => {},
      },
      save: async (state) => void saved.push(structuredClone(state)),
      concurrency: 3,
      saveEveryMs: -1,
      ...options,
    });
  };
  return { run, written, rejected, saved };
}

function newState(): LineImportState {
  return {
    offset: 0,
    line: 1,
    rejectedLength: 0,
    counts: { read: 0, written: 0, unchanged: 0, rejected: 0 },
  };
}

const done = {
  offset: 20,
  line: 21,
  rejectedLength: 1,
  counts: { read: 20, written: 19, unchanged: 0, rejected: 1 },
};

test('every line is written or rejected, and the state says so', async () => {
  const job = createImport();

  expect(await job.run()).toBe('done');

  expect(job.written.toSorted().join('')).toBe('abcdfghijklmnopqrst');
  expect(job.rejected).toEqual(['e: It is e.']);
  expect(job.saved.at(-1)).toEqual(done);
});

test('a saved state is never ahead of the writes, and an import resumes from each one', async () => {
  const first = createImport();
  const ahead: LineImportState[] = [];
  await createImport({
    write: async (row) => {
      first.written.push(row);
      return 'written';
    },
    save: async (state) => {
      if (first.written.length < state.counts.written) ahead.push(structuredClone(state));
    },
  }).run();
  await first.run();

  expect(ahead).toEqual([]);
  for (const state of first.saved) {
    const resumed = createImport();
    resumed.rejected.push(...first.rejected);
    expect(await resumed.run(structuredClone(state))).toBe('done');
    expect(resumed.saved.at(-1)).toEqual(done);
    expect(resumed.rejected).toEqual(['e: It is e.']);
  }
});

test('an error that is not about a row ends the import after all lines before it are saved', async () => {
  const job = createImport({
    write: async (row) => {
      if (row === 'g') throw new Error('outage');
      return 'unchanged';
    },
  });

  await expect(job.run()).rejects.toThrow('outage');

  expect(job.saved.at(-1)).toMatchObject({ offset: 6, counts: { read: 6, unchanged: 6 } });
});

test('the signal stops the import at a state that it can resume from', async () => {
  const stop = new AbortController();
  const job = createImport({
    signal: stop.signal,
    onLine: ({ text }) => {
      if (text === 'f') stop.abort();
    },
  });

  expect(await job.run()).toBe('stopped');

  const state = job.saved.at(-1);
  expect(state?.offset).toBeLessThan(20);
  expect(await createImport().run(structuredClone(state))).toBe('done');
});
