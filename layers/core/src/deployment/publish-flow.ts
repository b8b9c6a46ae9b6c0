import type { Connect } from '#core/connect/connect.ts';
import { findFlowProblems } from '#core/connect/contact-flows.ts';
import { ConfigurationError } from '#core/platform/errors.ts';
import { poll } from '#core/platform/resilience/poll.ts';

/** Connect learns of a new function or flow after a delay. How long it takes is not documented, so these waits are a guess. */
const PUBLISH_WAITS_MS = [2_000, 6_000];

const MAX_PROBLEMS = 3;
const MAX_PROBLEM_LENGTH = 200;

/**
 * Publishes a flow, and tries again when Connect finds it invalid: what it names may be newer than what Connect knows.
 *
 * @throws {ConfigurationError} `INVALID_FLOW`
 */
export async function publishFlow<Output>(
  connect: Connect,
  title: string,
  publish: () => Promise<Output>,
): Promise<Output> {
  const result = await poll(
    () => attemptPublish(publish),
    ({ kind }) => kind === 'PUBLISHED',
    PUBLISH_WAITS_MS,
    connect.wait,
  );
  if (result.kind === 'INVALID') throw invalidFlow(title, result.problems, result.error);
  return result.output;
}

type PublishResult<Output> =
  | { kind: 'PUBLISHED'; output: Output }
  | { kind: 'INVALID'; problems: string[]; error: unknown };

async function attemptPublish<Output>(publish: () => Promise<Output>): Promise<PublishResult<Output>> {
  try {
    return { kind: 'PUBLISHED', output: await publish() };
  } catch (error) {
    const problems = findFlowProblems(error);
    if (problems === undefined) throw error;
    return { kind: 'INVALID', problems, error };
  }
}

function invalidFlow(title: string, problems: string[], cause: unknown): ConfigurationError {
  const reasons = problems.slice(0, MAX_PROBLEMS).map((problem) => problem.slice(0, MAX_PROBLEM_LENGTH));
  return new ConfigurationError(
    'INVALID_FLOW',
    `Connect does not publish the flow "${title}": ${reasons.join(' ') || 'it gives no reason'}`,
    { cause },
  );
}
