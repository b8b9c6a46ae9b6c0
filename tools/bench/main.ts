// npm run bench [-- --json] [-- --only cold-start,lookup]: every figure beside a floor measured in the same run.
import { parseArgs } from 'node:util';
import { coldStart } from './cold-start.ts';
import { indexing } from './indexing.ts';
import { lookup } from './lookup.ts';
import { messages } from './messages.ts';
import { phonebook } from './phonebook.ts';
import { type Benchmark, type Figure, meetsGoal, ratio, toTable } from './report.ts';
import { sync } from './sync.ts';

const benchmarks: Record<string, Benchmark> = {
  'cold-start': coldStart,
  lookup,
  indexing,
  sync,
  phonebook,
  messages,
};

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const chosen = values.only?.split(',') ?? Object.keys(benchmarks);
const unknown = chosen.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(
    `No such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.`,
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
  console.log(toTable(figures));
}
