import { type Clock, systemClock } from '#core/platform/clock.ts';
import { ConfigurationError, SwitchboardError } from '#core/platform/errors.ts';
import type { Resource, ResourceRequest, ResourceResult } from '#core/platform/handlers/custom-resource.ts';
import type { ConnectCalls, ConnectSender } from './connect.ts';
import { type Earlier, install } from './install.ts';
import { namedNumber } from './numbers.ts';
import { type ConnectInstance, parseInstanceArn, readProperties } from './properties.ts';
import { remove } from './remove.ts';
import { createStartFunction, type StartFunction } from './sync.ts';
import { callsWithin } from './with-deadline.ts';

/** What a test puts in place of AWS and time. */
export interface SetupDependencies {
  connect: ConnectSender;
  startFunction: StartFunction;
  clock: Clock;
}

/** Less in an instance that is new to the stack, so that there is time left to take back what a failure leaves. */
const MOVING_SHARE = 0.6;

/**
 * Sets a Connect instance up for a stack, and takes it back: the custom resource behind connect-setup. What a failed
 * Create made is left to the Delete that CloudFormation sends after it (the id that was answered names instance and
 * stack), so that there is one way to take things back; whoever turns rollback off keeps what was made, to look at.
 * After a failed Update nobody would come back to an instance that was new in it, so that is done at once; but a
 * rollback that moves back to the former instance finds the stack's flows there, and leaves them whatever happens.
 */
export function createSetup(overrides: Partial<SetupDependencies> = {}): Resource {
  const clock = overrides.clock ?? systemClock;

  function callsTo(instance: ConnectInstance, request: ResourceRequest, share?: number): ConnectCalls {
    return callsWithin(request, instance, { clock, connect: overrides.connect }, share);
  }

  async function setUp(request: ResourceRequest): Promise<ResourceResult> {
    const properties = readProperties(request.properties, request);
    const { instance, stackName } = properties;
    const before = placeOf(request.physicalId);
    const moved = before !== undefined && before.instance.arn !== instance.arn;
    const calls = callsTo(instance, request, moved ? MOVING_SHARE : undefined);
    const earlier = moved ? NOTHING : earlierOf(request.oldProperties, instance);
    let made = false;
    try {
      const startFunction = overrides.startFunction ?? createStartFunction();
      const data = await install(calls, properties, earlier, startFunction, (untouched) => {
        made = moved && untouched;
      });
      return { physicalId: physicalIdOf(instance.arn, stackName), data: { ...data } };
    } catch (error) {
      if (!made) throw error;
      const what = { stackName, ...earlierOf(request.properties, instance) };
      throw withRest(error, await remove(callsTo(instance, request), what));
    }
  }

  async function takeBack(request: ResourceRequest): Promise<ResourceResult> {
    const { physicalId = '' } = request;
    const place = placeOf(physicalId);
    // A Create that named an instance elsewhere was refused.
    if (place?.instance.region !== request.region || place.instance.account !== request.account) {
      return { physicalId, note: 'Nothing was set up, so there was nothing to take back.' };
    }
    const { instance, stackName } = place;
    const made = { stackName, ...earlierOf(request.properties, instance) };
    const left = await remove(callsTo(instance, request), made);
    return { physicalId, ...(left === undefined ? {} : { note: left }) };
  }

  return {
    physicalId({ type, properties, physicalId = '' }) {
      const { ConnectInstanceArn, StackName } = properties;
      const known = type === 'Create' && parseInstanceArn(String(ConnectInstanceArn)) !== undefined;
      return known ? physicalIdOf(String(ConnectInstanceArn), String(StackName)) : physicalId;
    },
    apply: (request) => (request.type === 'Delete' ? takeBack(request) : setUp(request)),
  };
}

/** The same error, and what a person has to take back by hand. */
function withRest(error: unknown, left: string | undefined): unknown {
  if (left === undefined || !(error instanceof SwitchboardError)) return error;
  return new ConfigurationError(error.code, `${error.message} ${left}`, { cause: error });
}

const NOTHING: Earlier = { functions: [], phoneNumber: undefined };

/** Another instance is another resource: CloudFormation then deletes the old one after the update. */
function physicalIdOf(instanceArn: string, stackName: string): string {
  return `${instanceArn}/switchboard/${stackName}`;
}

/** The opposite. The id is what tells a Delete where to look: its properties may be those that were refused. */
function placeOf(physicalId = ''): { instance: ConnectInstance; stackName: string } | undefined {
  const [arn = '', stackName] = physicalId.split('/switchboard/');
  const instance = parseInstanceArn(arn);
  return instance && stackName ? { instance, stackName } : undefined;
}

/** What properties ask for that would have to be undone; they may be of any shape. */
function earlierOf(properties: Record<string, unknown>, instance: ConnectInstance): Earlier {
  const { Functions, PhoneNumberId } = properties;
  const functions = typeof Functions === 'object' && Functions !== null ? Object.values(Functions) : [];
  return {
    functions: functions.filter((arn) => typeof arn === 'string'),
    phoneNumber: namedNumber(typeof PhoneNumberId === 'string' ? PhoneNumberId.trim() : '', instance),
  };
}
