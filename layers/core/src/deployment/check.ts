import { type Clock, systemClock } from '#core/platform/clock.ts';
import type { Resource, ResourceRequest, ResourceResult } from '#core/platform/handlers/custom-resource.ts';
import type { ConnectSender } from './connect.ts';
import { searchFlows } from './flow-store.ts';
import { checkInstance } from './instance.ts';
import { askFirst } from './preflight.ts';
import { readSettings } from './properties.ts';
import { callsWithin } from './with-deadline.ts';

/**
 * The custom resource behind connect-check: what a person chose is looked at before the stack makes what would outlive
 * it, the tables and the key. It changes nothing, and has nothing to take back. Where the stack has been before, that
 * is connect-setup's to judge, which knows what was so.
 */
export function createCheck(overrides: { connect?: ConnectSender; clock?: Clock } = {}): Resource {
  const clock = overrides.clock ?? systemClock;

  async function check(request: ResourceRequest, physicalId: string): Promise<ResourceResult> {
    const settings = readSettings(request.properties, request);
    const calls = callsWithin(request, settings.instance, { clock, connect: overrides.connect });
    await checkInstance(calls);
    const known = await searchFlows(calls, settings.stackName);
    if (known.length === 0) await askFirst(calls, settings);
    return { physicalId };
  }

  function idOf({ physicalId, properties }: ResourceRequest): string {
    return physicalId ?? `${String(properties.StackName)}/checked`;
  }

  return {
    physicalId: idOf,
    async apply(request) {
      return request.type === 'Create' ? check(request, idOf(request)) : { physicalId: idOf(request) };
    },
  };
}
