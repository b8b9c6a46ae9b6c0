// Prints what a deployment costs in a month, as docs/operations.md has it.
import { costTable } from './costs/model.ts';
import { textCostTable } from './costs/texts.ts';

console.log(`${costTable()}\n\n${textCostTable()}`);
