import { searchContactFlows } from '#core/connect/contact-flows.ts';
import { FLOW_TAGS } from '#core/connect/tags.ts';
import { systemClock } from '#core/platform/clock.ts';
import type {
  CustomResource,
  ResourceRequest,
  ResourceResult,
} from '#core/platform/handlers/custom-resource.ts';
import { type ConnectDependencies, createSetupConnect } from './create-setup-connect.ts';
import { checkInstance } from './instance.ts';
import { checkPreconditions } from './preflight.ts';
import { parseSetupSettings } from './properties.ts';

/**
 * Creates the custom resource behind connect-check. It checks the parameters of a new stack before the stack creates the
 * tables and the key, which a failed creation would leave behind. It changes nothing. When the instance has flows of the
 * stack already, connect-setup checks the parameters, because it has the previous ones to compare with.
 */
export function createConnectCheck({
  connect,
  clock = systemClock,
}: ConnectDependencies = {}): CustomResource {
  async function check(request: ResourceRequest, physicalId: string): Promise<ResourceResult> {
    const settings = parseSetupSettings(request.properties, request);
    const instance = createSetupConnect(request, settings.instance, {
      clock,
      connect,
      caller: 'connect-check',
    });
    await checkInstance(instance);
    const existing = await searchContactFlows(instance, { [FLOW_TAGS.stack]: settings.stackName });
    if (existing.length === 0) await checkPreconditions(instance, settings);
    return { physicalId };
  }

  function physicalIdOf({ physicalId, properties }: ResourceRequest): string {
    return physicalId ?? `${String(properties.StackName)}/checked`;
  }

  return {
    physicalId: physicalIdOf,
    async apply(request) {
      const physicalId = physicalIdOf(request);
      return request.type === 'Create' ? check(request, physicalId) : { physicalId };
    },
  };
}
