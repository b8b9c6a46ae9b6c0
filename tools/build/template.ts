// npm run template: writes the marked sections of template.yaml and docs/operations.md from tools/build/monitoring.
// `npm run template -- --check` writes nothing and fails when a section is out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { isObject, objectAt } from '#tools/json.ts';
import { parseTemplate } from '#tools/local/template/parse.ts';
import type { Resource } from './monitoring/dashboard.ts';
import { renderRunbook, renderTemplate } from './monitoring/sections.ts';

/** The files with generated sections, and what each must contain. */
export const GENERATED: Record<string, (text: string) => string> = {
  'template.yaml': (text) => renderTemplate(text, resourcesOf(text)),
  'docs/operations.md': renderRunbook,
};

function resourcesOf(text: string): Resource[] {
  return Object.entries(objectAt(parseTemplate(text), 'Resources')).flatMap(([id, resource]) =>
    isObject(resource)
      ? [{ id, type: String(resource.Type), condition: resource.Condition as string | undefined }]
      : [],
  );
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  for (const [file, render] of Object.entries(GENERATED)) {
    const text = await readFile(file, 'utf8');
    const current = render(text);
    if (current === text) continue;
    if (check) {
      console.error(
        `${file} has sections that are out of date. Run "npm run template" and commit the result.`,
      );
      process.exitCode = 1;
    } else {
      await writeFile(file, current);
      console.log(`${file} is written.`);
    }
  }
}
