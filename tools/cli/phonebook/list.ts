import {
  createPhonebook,
  type Directory,
  type ListedNumber,
  type NumberState,
  type Phonebook,
} from '@switchboard/core/phonebook';
import type { Command } from 'commander';
import type { CliContext, Output } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions } from '#tools/cli/deployment.ts';
import { addParsedOption, oneOf, wholeNumber } from '#tools/cli/options.ts';
import { PHONEBOOK_SETTINGS, phonebookDirectory } from './options.ts';

const STATES: readonly NumberState[] = ['UNUSED', 'RESERVED', 'ASSIGNED', 'QUARANTINED', 'BLOCKED'];
const POOLS = ['direct', 'extension'] as const;
const PAGE_SIZE = 500;
const MAX_LIMIT = 1_000_000;

interface ListOptions extends DeploymentOptions {
  state?: NumberState;
  pool: (typeof POOLS)[number];
  limit: number;
}

export function configureList(command: Command, { output }: CliContext): void {
  command.description('List the numbers of the phonebook and their states.');
  const states = `only numbers in this state: ${STATES.join(', ')}`;
  addParsedOption(command, '--state <state>', states, oneOf(STATES));
  addParsedOption(command, '--pool <pool>', 'direct or extension', oneOf(POOLS), 'direct');
  addParsedOption(command, '--limit <n>', 'numbers to list for each state', wholeNumber(MAX_LIMIT), 1_000);
  addDeploymentOptions(command, PHONEBOOK_SETTINGS);
  command.action((options: ListOptions) =>
    listNumbers(phonebookOf(phonebookDirectory(options)), options, output),
  );
}

/** The command only reads, so that the length of reservations and quarantines does not matter. */
function phonebookOf(directory: Directory): Pick<Phonebook, 'listNumbers'> {
  return createPhonebook({ directory, reservationMs: 0, quarantineDays: 0 });
}

async function listNumbers(
  phonebook: Pick<Phonebook, 'listNumbers'>,
  { state, pool, limit }: ListOptions,
  output: Output,
): Promise<void> {
  let count = 0;
  for (const one of state === undefined ? STATES : [state]) {
    const { shown, more } = await listState(phonebook, one, pool, limit, output);
    count += shown;
    if (more) output.error(`More numbers are ${one}. To list them, increase --limit.`);
  }
  if (count === 0) output.error('No numbers match.');
}

async function listState(
  phonebook: Pick<Phonebook, 'listNumbers'>,
  state: NumberState,
  pool: string,
  limit: number,
  output: Output,
): Promise<{ shown: number; more: boolean }> {
  let shown = 0;
  let after: string | undefined;
  do {
    const page = await phonebook.listNumbers({
      state,
      pool,
      limit: Math.min(PAGE_SIZE, limit - shown),
      ...(after === undefined ? {} : { after }),
    });
    for (const number of page.numbers) output.line(formatNumber(number));
    shown += page.numbers.length;
    after = page.next;
  } while (after !== undefined && shown < limit);
  return { shown, more: after !== undefined };
}

function formatNumber({ phoneNumber, state, reason, dueAt, userId }: ListedNumber): string {
  const detail = reason ?? (dueAt === undefined ? userId : `until ${dueAt}`) ?? '';
  return `${phoneNumber.padEnd(17)} ${state.padEnd(12)} ${detail}`.trimEnd();
}
