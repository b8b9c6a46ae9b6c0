import TestSequencer from '@jest/test-sequencer';

/** By how long a file of theirs takes; the many short ones come last, so that the workers end together. */
const PROJECTS = ['property', 'e2e', 'integration', 'unit'];

const place = (test) => PROJECTS.indexOf(test.context.config.displayName?.name);

/** Jest goes by the size of a file where it knows no durations, as in a fresh clone: ours says nothing of them. */
export default class LongestFirst extends TestSequencer {
  async sort(tests) {
    const sorted = await super.sort(tests);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}
