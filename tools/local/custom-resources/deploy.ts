import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '#tools/json.ts';
import { jsonFile } from '#tools/local/json-file.ts';
import type { Asynchronous } from '#tools/local/lambda/async-invoker.ts';
import { LOCAL, PSEUDO_PARAMETERS, type Resource, type Template } from '#tools/local/template/index.ts';
import { awaitAnswer, type ResourceAnswer } from './response.ts';

/** What is known of a custom resource since it was created. */
interface Deployed {
  physicalId: string;
  properties: JsonObject;
  /** What `Fn::GetAtt` gives. */
  data: JsonObject;
}

/**
 * Plays CloudFormation for the template's custom resources: each is created, or updated when the data directory knows
 * it, and its answer waited for.
 *
 * @returns what each answered, by logical id
 * @throws with the reason of one that failed
 */
export async function deployCustomResources(
  template: Template,
  asynchronous: Pick<Asynchronous, 'run'>,
  dataDir: string | undefined,
): Promise<Record<string, JsonObject>> {
  const file = jsonFile<Record<string, Deployed>>(dataDir, 'custom-resources.json', {});
  const deployed = { ...file.value };
  for (const resource of template.ofType('AWS::CloudFormation::CustomResource')) {
    deployed[resource.logicalId] = await deploy(resource, deployed[resource.logicalId], asynchronous);
    file.save(deployed);
  }
  return Object.fromEntries(Object.entries(deployed).map(([id, { data }]) => [id, data]));
}

async function deploy(
  { logicalId, type, properties: written }: Resource,
  before: Deployed | undefined,
  asynchronous: Pick<Asynchronous, 'run'>,
): Promise<Deployed> {
  const properties = asTexts(written) as JsonObject;
  const functionName = String(properties.ServiceToken).split(':').at(-1) ?? '';
  const request = {
    RequestType: before ? 'Update' : 'Create',
    StackId: PSEUDO_PARAMETERS['AWS::StackId'] ?? LOCAL.stack,
    RequestId: randomUUID(),
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: properties,
    ...(before ? { PhysicalResourceId: before.physicalId, OldResourceProperties: before.properties } : {}),
  };
  const answer = await awaitAnswer(Number(properties.ServiceTimeout ?? 3600) * 1000, async (ResponseURL) => {
    const succeeded = await asynchronous.run(functionName, JSON.stringify({ ...request, ResponseURL }));
    if (!succeeded) throw new Error(`${functionName} failed every try for ${logicalId}; its log says why.`);
  });
  return outcome(logicalId, properties, answer);
}

function outcome(logicalId: string, properties: JsonObject, answer: ResourceAnswer): Deployed {
  const { Status, Reason, PhysicalResourceId, Data } = answer;
  if (Status !== 'SUCCESS') throw new Error(`${logicalId} was not set up: ${Reason}`);
  return { physicalId: PhysicalResourceId, properties, data: Data };
}

/** CloudFormation hands every number and boolean over as a text. */
function asTexts(value: Json): Json {
  if (Array.isArray(value)) return value.map(asTexts);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asTexts(entry)]));
  }
  return value === null ? null : String(value);
}
