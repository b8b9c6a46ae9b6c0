// What docs/operations.md says of each alarm before the hand-written cause and remedy: the heading, what happened, and when
// the alarm starts.
import { ALARMS, type Alarm, triggerOf } from './alarms.ts';

/** An overview of all alarms, each with a link to its part of the runbook. */
export function alarmOverview(blocks: readonly string[][]): string {
  return [
    '| alarm | what happened |',
    '| --- | --- |',
    ...blocks.flatMap((ids) =>
      ids.map((id) => `| [${id}](#${anchorOf(headingOf(ids))}) | ${alarmOf(id).description} |`),
    ),
  ].join('\n');
}

/**
 * The head of one part of the runbook.
 *
 * @param ids the alarms that the part is about
 * @throws {Error} when the runbook names an alarm that does not exist
 */
export function alarmHeading(ids: readonly string[]): string {
  const alarms = ids.map(alarmOf);
  // A part about several alarms says in its own words what they have in common.
  const description = alarms.length === 1 ? alarms.map((alarm) => alarm.description) : [];
  const triggers = [...new Set(alarms.map(triggerOf))].map((trigger) => `**Starts when** ${trigger}`);
  return [`### ${headingOf(ids)}`, ...description, ...triggers].join('\n\n');
}

const headingOf = (ids: readonly string[]) => ids.join(', ');

/** As GitHub makes it from a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

function alarmOf(id: string): Alarm {
  const alarm = ALARMS.find((one) => one.id === id);
  if (!alarm) throw new Error(`docs/operations.md has a part for ${id}, which is no alarm. Remove the part.`);
  return alarm;
}
