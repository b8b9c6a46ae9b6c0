import type { FunctionDefinition } from '#tools/local/lambda/definition.ts';
import { isObject, type JsonObject, objectAt, type Template, textAt } from '#tools/local/template/index.ts';

/** One entry of a function's `Events`. */
export interface EventSource {
  functionName: string;
  /** Its name in the template. */
  name: string;
  properties: JsonObject;
}

export function eventSources(definitions: Iterable<FunctionDefinition>, type: string): EventSource[] {
  const sources: EventSource[] = [];
  for (const { name: functionName, properties } of definitions) {
    for (const [name, event] of Object.entries(objectAt(properties, 'Events'))) {
      if (isObject(event) && textAt(event, 'Type') === type) {
        sources.push({ functionName, name, properties: objectAt(event, 'Properties') });
      }
    }
  }
  return sources;
}

const KNOWN = ['Api', 'DynamoDB', 'EventBridgeRule', 'Kinesis', 'Schedule', 'SNS'];

/** @throws when an event source would silently never fire here */
export function checkEventSources(template: Template): void {
  for (const { logicalId, properties } of template.ofType('AWS::Serverless::Function')) {
    for (const [name, event] of Object.entries(objectAt(properties, 'Events'))) {
      const type = isObject(event) ? textAt(event, 'Type') : undefined;
      if (!KNOWN.includes(type ?? '')) {
        throw new Error(
          `template.yaml: ${logicalId}.Events.${name} is of type ${type}, unknown on one machine.`,
        );
      }
    }
  }
}
