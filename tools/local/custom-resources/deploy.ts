import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '#tools/json.ts';
import { openJsonFile } from '#tools/local/json-file.ts';
import type { AsyncInvoker } from '#tools/local/lambda/async-invoker.ts';
import { LOCAL, PSEUDO_PARAMETERS, type Resource, type Template } from '#tools/local/template/index.ts';
import { awaitResponse, type CustomResourceResponse } from './response.ts';

/** A custom resource after its last deployment. */
interface DeployedResource {
  physicalId: string;
  properties: JsonObject;
  /** The attributes that `Fn::GetAtt` reads. */
  data: JsonObject;
}

/**
 * Deploys the custom resources of the template as CloudFormation does: creates each one, or updates it if the data
 * directory contains it, and waits for its response.
 *
 * @returns the attributes of each, by logical ID
 * @throws with the reason when one fails
 */
export async function deployCustomResources(
  template: Template,
  asynchronous: Pick<AsyncInvoker, 'run'>,
  dataDir: string | undefined,
): Promise<Record<string, JsonObject>> {
  const file = openJsonFile<Record<string, DeployedResource>>(dataDir, 'custom-resources.json', {});
  const deployed = { ...file.value };
  for (const resource of template.ofType('AWS::CloudFormation::CustomResource')) {
    deployed[resource.logicalId] = await deploy(resource, deployed[resource.logicalId], asynchronous);
    file.save(deployed);
  }
  return Object.fromEntries(Object.entries(deployed).map(([id, { data }]) => [id, data]));
}

async function deploy(
  { logicalId, type, properties: written }: Resource,
  before: DeployedResource | undefined,
  asynchronous: Pick<AsyncInvoker, 'run'>,
): Promise<DeployedResource> {
  const properties = stringifyValues(written) as JsonObject;
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
  const answer = await awaitResponse(
    Number(properties.ServiceTimeout ?? 3600) * 1000,
    async (ResponseURL) => {
      const succeeded = await asynchronous.run(functionName, JSON.stringify({ ...request, ResponseURL }));
      if (!succeeded)
        throw new Error(`${functionName} failed every attempt to set up ${logicalId}. See its log.`);
    },
  );
  return toDeployedResource(logicalId, properties, answer);
}

function toDeployedResource(
  logicalId: string,
  properties: JsonObject,
  answer: CustomResourceResponse,
): DeployedResource {
  const { Status, Reason, PhysicalResourceId, Data } = answer;
  if (Status !== 'SUCCESS') throw new Error(`${logicalId} was not set up: ${Reason}`);
  return { physicalId: PhysicalResourceId, properties, data: Data };
}

/** CloudFormation passes every number and boolean as a string. */
function stringifyValues(value: Json): Json {
  if (Array.isArray(value)) return value.map(stringifyValues);
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, stringifyValues(entry)]));
  }
  return value === null ? null : String(value);
}
