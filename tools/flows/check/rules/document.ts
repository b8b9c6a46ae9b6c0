import * as v from 'valibot';
import type { CheckedFlow, Finding } from '#tools/flows/check/finding.ts';

/** The flow language has no `null` at any depth. */
function holdsNoNull(value: unknown): boolean {
  if (typeof value !== 'object') return true;
  return value !== null && Object.values(value).every(holdsNoNull);
}

const flowDocument = v.object({
  Version: v.string(),
  StartAction: v.string(),
  Actions: v.array(v.unknown()),
});

const flowAction = v.object({
  Identifier: v.string(),
  Type: v.string(),
  Parameters: v.record(v.string(), v.custom(holdsNoNull, 'contains null; remove it or set a value')),
  Transitions: v.object({
    NextAction: v.optional(v.string()),
    Conditions: v.optional(
      v.array(
        v.object({
          NextAction: v.string(),
          Condition: v.object({ Operator: v.string(), Operands: v.array(v.string()) }),
        }),
      ),
    ),
    Errors: v.optional(v.array(v.object({ NextAction: v.string(), ErrorType: v.string() }))),
  }),
});

/**
 * The JSON has the structure of a flow. All other rules depend on this one, so the checker reports its findings
 * alone.
 */
export function checkDocument({ name: flow, source }: CheckedFlow): Finding[] {
  const document = v.safeParse(flowDocument, source);
  const rule = 'document';
  if (!document.success)
    return document.issues.map((issue) => ({ flow, rule, message: sentence(issue, '') }));
  return document.output.Actions.flatMap((action, index) => {
    const parsed = v.safeParse(flowAction, action);
    if (parsed.success) return [];
    const named = v.safeParse(v.object({ Identifier: v.string() }), action);
    return parsed.issues.map((issue) =>
      named.success
        ? { flow, action: named.output.Identifier, rule, message: sentence(issue, '') }
        : { flow, rule, message: sentence(issue, `Actions.${index}`) },
    );
  });
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a string',
  Array: 'an array',
  Object: 'an object',
};

function sentence(issue: v.BaseIssue<unknown>, parent: string): string {
  const path = [parent, v.getDotPath(issue) ?? ''].filter((part) => part !== '').join('.') || 'The file';
  if (issue.type === 'custom') return `${path} ${issue.message}.`;
  if (issue.received === 'undefined') return `${path} is missing.`;
  return `${path} must be ${WORDS[issue.expected ?? ''] ?? issue.expected}.`;
}
