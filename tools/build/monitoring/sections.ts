// Sections of a file that `npm run template` writes. Everything else in the file is written by hand.
import { ALARMS } from './alarms.ts';
import { dashboardResource, type Resource } from './dashboard.ts';
import { metricsTable } from './own-metrics.ts';
import { alarmHeading, alarmOverview } from './runbook.ts';
import { alarmResources } from './template-section.ts';

/** A marker is a comment on a line of its own: `# begin NAME` in YAML, `<!-- begin NAME -->` in Markdown. */
const SECTION =
  /^(?<before> *(?:#|<!--) begin (?<name>[\w, -]+?)(?: -->)?\n)(?<content>[\s\S]*?)(?<after>^ *(?:#|<!--) end(?: -->)?$)/gm;

/**
 * Replaces the content of every section.
 *
 * @param render the content of a section, by its name
 */
export function replaceSections(text: string, render: (name: string) => string): string {
  return text.replace(SECTION, (...args) => {
    const { before, name, after } = args.at(-1) as Record<'before' | 'name' | 'after', string>;
    return `${before}${render(name)}${after}`;
  });
}

export function sectionNames(text: string): string[] {
  return [...text.matchAll(SECTION)].map(({ groups }) => groups?.name ?? '');
}

/** @param resources all resources of the template, in its order */
export function renderTemplate(text: string, resources: readonly Resource[]): string {
  const sections: Record<string, () => string> = {
    alarms: () => `\n${alarmResources()}\n\n`,
    dashboard: () => `\n${dashboardResource(resources)}\n\n`,
  };
  return replaceSections(text, (name) => {
    const render = sections[name];
    if (!render)
      throw new Error(`template.yaml has a section "${name}" that "npm run template" does not know.`);
    return render();
  });
}

/** @throws {Error} names an alarm that has no part in the runbook, or two */
export function renderRunbook(text: string): string {
  const blocks = sectionNames(text).flatMap((name) =>
    name.startsWith('alarm ') ? [name.slice('alarm '.length).split(', ')] : [],
  );
  const named = blocks.flat();
  for (const { id } of ALARMS) {
    const times = named.filter((one) => one === id).length;
    if (times !== 1) {
      const remedy = `Write "<!-- begin alarm ${id} -->" and "<!-- end -->" above its cause and remedy, once.`;
      throw new Error(`docs/operations.md has ${times} parts for ${id}. ${remedy}`);
    }
  }
  return replaceSections(text, (name) => {
    if (name === 'alarms') return `\n${alarmOverview(blocks)}\n\n`;
    if (name === 'metrics') return `\n${metricsTable()}\n\n`;
    return `\n${alarmHeading(name.slice('alarm '.length).split(', '))}\n\n`;
  });
}
