import type { OPERATORS } from '#tools/flows/model/action-model.ts';
import { type Condition, FlowError } from './playable-flow.ts';

type Compare = (value: string, operand: string) => boolean;

/** The operators of the model. Comparisons of text are case-sensitive. */
const COMPARISONS: Readonly<Record<(typeof OPERATORS)[number], Compare>> = {
  Equals: (value, operand) => value === operand,
  TextStartsWith: (value, operand) => value.startsWith(operand),
  TextEndsWith: (value, operand) => value.endsWith(operand),
  TextContains: (value, operand) => value.includes(operand),
  NumberGreaterThan: numbers((value, operand) => value > operand),
  NumberGreaterOrEqualTo: numbers((value, operand) => value >= operand),
  NumberLessThan: numbers((value, operand) => value < operand),
  NumberLessOrEqualTo: numbers((value, operand) => value <= operand),
};

/**
 * Checks whether a value meets a condition.
 *
 * @throws {FlowError} if the operator does not exist
 */
export function matchesCondition(value: string, { operator, operands }: Condition): boolean {
  const compare = new Map<string, Compare>(Object.entries(COMPARISONS)).get(operator);
  if (!compare) {
    const known = Object.keys(COMPARISONS).join(', ');
    throw new FlowError(`The operator "${operator}" does not exist. Use one of ${known}.`);
  }
  return operands.some((operand) => compare(value, operand));
}

/** A value that is not a number meets no number condition. */
function numbers(compare: (value: number, operand: number) => boolean): Compare {
  return (value, operand) => value.trim() !== '' && compare(Number(value), Number(operand));
}
