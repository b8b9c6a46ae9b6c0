import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** What it logs never holds personal data. The ID of a contact is personal data. */
export const logger = new Logger();

/** An invocation without metrics, such as a custom resource's, is no reason for a warning on each of them. */
const withoutWarnings = { ...console, warn: () => {} };

/** Stored until the handler publishes them: one EMF line for each invocation. */
export const metrics = new Metrics({ logger: withoutWarnings });

/**
 * Adds to a counter of this invocation. Names are CamelCase, and docs/operations.md lists them. A metric for each
 * function and outcome contains both in its name: `Answers.caller-lookup.FOUND`, see docs/adr/0016.
 */
export function count(name: string, value = 1): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

/** Records a level (pool left, per cent …), which zero is a value of. */
export function gauge(name: string, value: number, unit: 'Count' | 'Percent' = 'Count'): void {
  metrics.addMetric(name, MetricUnit[unit], value);
}

/** Records a duration in milliseconds. */
export function duration(name: string, milliseconds: number): void {
  metrics.addMetric(name, MetricUnit.Milliseconds, milliseconds);
}
