import { createPolicy, defaultPolicy } from '#core/platform/resilience/policy.ts';

/** How a call reads DirectoryTable: tried again and cut off within the budget, with a breaker of its own. */
export function createDirectoryCallPolicy(budgetMs: number) {
  return createPolicy({
    ...defaultPolicy,
    name: 'DirectoryTable',
    budgetMs,
    attemptMs: Math.min(defaultPolicy.attemptMs, budgetMs),
  });
}
