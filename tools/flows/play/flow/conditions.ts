import { type Condition, FlowError } from './playable-flow.ts';

type Compare = (value: string, operand: string) => boolean;

/** The operators of the flow language, by the names it gives them. Texts are compared with their case. */
const OPERATORS: Readonly<Record<string, Compare>> = {
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
 * Whether a value meets a condition.
 *
 * @throws {FlowError} names an operator that the flow language does not have
 */
export function matchesCondition(value: string, { operator, operands }: Condition): boolean {
  const compare = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!compare) {
    const known = Object.keys(OPERATORS).join(', ');
    throw new FlowError(`There is no operator "${operator}" in the flow language; there are ${known}.`);
  }
  return operands.some((operand) => compare(value, operand));
}

/** What is no number meets no condition on numbers. */
function numbers(compare: (value: number, operand: number) => boolean): Compare {
  return (value, operand) => value.trim() !== '' && compare(Number(value), Number(operand));
}
