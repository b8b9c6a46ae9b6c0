import type { FunctionDefinition } from '#tools/local/lambda/definition.ts';
import type { JsonObject } from '#tools/local/template/index.ts';
import { objectAt } from '#tools/local/template/index.ts';
import { eventSources } from './events.ts';
import { matchesPattern } from './pattern.ts';

/** EventBridge's default bus with the template's rules: gives each event to the functions whose rule matches. */
export function createBus(
  definitions: Iterable<FunctionDefinition>,
  accept: (functionName: string, event: string) => void,
): (event: JsonObject) => void {
  const rules = eventSources(definitions, 'EventBridgeRule').map(({ functionName, properties }) => ({
    functionName,
    pattern: objectAt(properties, 'Pattern'),
  }));
  return (event) => {
    for (const { functionName, pattern } of rules) {
      if (matchesPattern(pattern, event)) accept(functionName, JSON.stringify(event));
    }
  };
}
