import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import { withGlobals } from './globals.ts';
import { evaluateCondition, resolveValue, type Scope } from './intrinsics.ts';
import {
  AGENT_EVENT_STREAM_ARN,
  CONNECT_INSTANCE_ARN,
  type PhysicalNames,
  PSEUDO_PARAMETERS,
  resolveAttribute,
  resolveRef,
} from './names.ts';
import { resolveParameters } from './parameters.ts';
import { parseTemplate } from './parse.ts';

export interface Resource {
  logicalId: string;
  type: string;
  /** Globals merged, every intrinsic function evaluated. */
  properties: JsonObject;
}

export interface Template {
  parameters: Record<string, string>;
  /** The resources whose condition holds, in the template's order. */
  resources: Resource[];
  ofType(type: string): Resource[];
}

export interface TemplateOptions {
  /** Values of parameters that replace the defaults. */
  parameters?: Record<string, string>;
  /** Names of resources; a resource that is not named is called by its logical id. */
  names?: PhysicalNames;
}

/** Reads `template.yaml` as CloudFormation would after the SAM transform's Globals. */
export function readTemplate(root: string, options: TemplateOptions = {}): Template {
  const template = parseTemplate(readFileSync(join(root, 'template.yaml'), 'utf8'));
  const parameters = resolveParameters(template, {
    ...localParameters(template),
    ...options.parameters,
  });
  const definitions = withGlobals(template);
  const scope = createScope(template, definitions, parameters, options.names ?? {});
  const resources: Resource[] = [];
  for (const [logicalId, definition] of Object.entries(definitions)) {
    if (!isObject(definition)) continue;
    const condition = textAt(definition, 'Condition');
    if (condition && !scope.condition(condition)) continue;
    resources.push(lazyResource(logicalId, definition, scope));
  }
  return { parameters, resources, ofType: (type) => resources.filter((one) => one.type === type) };
}

/** The parameters that the local stack sets itself. */
function localParameters(template: JsonObject): Record<string, string> {
  const values = { ConnectInstanceArn: CONNECT_INSTANCE_ARN, AgentEventStreamArn: AGENT_EVENT_STREAM_ARN };
  const declared = objectAt(template, 'Parameters');
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in declared));
}

/** Evaluates properties on first use, so that unused ones cannot fail. */
function lazyResource(logicalId: string, definition: JsonObject, scope: Scope): Resource {
  let properties: JsonObject | undefined;
  return {
    logicalId,
    type: textAt(definition, 'Type') ?? '',
    get properties() {
      properties ??= resolveValue(objectAt(definition, 'Properties'), scope) as JsonObject;
      return properties;
    },
  };
}

function createScope(
  template: JsonObject,
  definitions: JsonObject,
  parameters: Record<string, string>,
  names: PhysicalNames,
): Scope {
  const conditions = objectAt(template, 'Conditions');
  const scope: Scope = {
    ref: (name) => parameters[name] ?? PSEUDO_PARAMETERS[name] ?? resolveRef(definitions, names, name),
    attribute: (logicalId, attribute) => resolveAttribute(definitions, names, logicalId, attribute),
    condition(name) {
      const expression = conditions[name];
      if (expression === undefined) throw new Error(`template.yaml has no condition ${name}.`);
      return evaluateCondition(expression, scope);
    },
  };
  return scope;
}
