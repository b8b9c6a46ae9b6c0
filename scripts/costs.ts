// Prints what a deployment costs in a month, as docs/operations.md has it.
import { costTable } from './costs/model.ts';

console.log(costTable());
