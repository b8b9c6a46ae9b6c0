// A jest reporter that adds one line "passed failed" to the file that SWITCHBOARD_TEST_COUNTS names, for .ci/run.
import { appendFileSync } from 'node:fs';

export default class Counts {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    // A file that could not be run at all has no failed test, but must count.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    appendFileSync(process.env.SWITCHBOARD_TEST_COUNTS, `${numPassedTests} ${failed}\n`);
  }
}
