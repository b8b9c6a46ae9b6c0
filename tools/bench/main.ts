// npm run bench [-- --json] [-- --only cold-start,lookup]: every figure next to a floor measured in the same run.
import { parseArgs } from 'node:util';
import { measureColdStart } from './cold-start.ts';
import { measureIndexing } from './indexing.ts';
import { measureLookup } from './lookup.ts';
import { measureMessages } from './messages.ts';
import { measurePhonebook } from './phonebook.ts';
import { type Benchmark, type Figure, formatFigures, meetsGoal, ratio } from './report.ts';
import { measureSync } from './sync.ts';

const benchmarks: Record<string, Benchmark> = {
  'cold-start': measureColdStart,
  lookup: measureLookup,
  indexing: measureIndexing,
  sync: measureSync,
  phonebook: measurePhonebook,
  messages: measureMessages,
};

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const chosen = values.only?.split(',') ?? Object.keys(benchmarks);
const unknown = chosen.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(
    `error: unknown benchmark ${unknown.join(', ')}. Choose from: ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exit(2);
}

const figures: Figure[] = [];
for (const name of chosen) {
  if (!values.json) console.error(`${name} …`);
  figures.push(...((await benchmarks[name]?.()) ?? []));
}

if (values.json) {
  console.log(
    JSON.stringify(
      figures.map((figure) => ({ ...figure, ratio: ratio(figure), met: meetsGoal(figure) })),
      null,
      2,
    ),
  );
} else {
  console.log(formatFigures(figures));
}
