import { type ConnectInstance, parseInstanceArn } from '#core/connect/arns.ts';
import type { Connect } from '#core/connect/connect.ts';
import { phoneNumberReference } from '#core/connect/phone-numbers.ts';
import { systemClock } from '#core/platform/clock.ts';
import { ConfigurationError, SwitchboardError } from '#core/platform/errors.ts';
import type {
  CustomResource,
  ResourceRequest,
  ResourceResult,
} from '#core/platform/handlers/custom-resource.ts';
import { type ConnectDependencies, createSetupConnect } from './create-setup-connect.ts';
import { createFunctionStarter, type StartFunction } from './first-sync.ts';
import { installSetup, type PreviousSetup } from './install.ts';
import { parseSetupProperties } from './properties.ts';
import { removeSetup } from './remove.ts';

// Read this folder from the top: connect-setup → properties, create-setup-connect, install, remove. install → preflight →
// instance, queues, main-number, stack-flows; then write-flow → publish-flow, flow-content; first-sync; previous-flow.
// connect-check runs only properties and preflight, before a stack is created.

/** What a test replaces: AWS and time. */
export interface SetupDependencies extends ConnectDependencies {
  startFunction?: StartFunction;
}

/**
 * The part of the time that a move to another instance may use for its requests. The rest is for removing what a failed
 * move created.
 */
const MOVE_SHARE = 0.6;

/**
 * Creates the custom resource behind connect-setup. It sets up a Connect instance for a stack, and removes that setup.
 *
 * After a failed Create, CloudFormation sends a Delete with the physical ID that the failed Create answered. The ID names
 * the instance and the stack, so that Delete removes what the Create made. (A stack that is created with rollback
 * disabled keeps it, for inspection.) After a failed Update that moved the stack to another instance, no Delete for that
 * instance follows, so the Update itself removes what it made there. A rollback to the previous instance finds the flows
 * of the stack there, and keeps them in every case.
 */
export function createConnectSetup(dependencies: SetupDependencies = {}): CustomResource {
  const { connect, clock = systemClock } = dependencies;

  function connectTo(instance: ConnectInstance, request: ResourceRequest, share?: number): Connect {
    return createSetupConnect(request, instance, { clock, connect, caller: 'connect-setup' }, share);
  }

  async function setUp(request: ResourceRequest): Promise<ResourceResult> {
    const properties = parseSetupProperties(request.properties, request);
    const { instance, stackName } = properties;
    const location = parsePhysicalId(request.physicalId);
    const isMove = location !== undefined && location.instance.arn !== instance.arn;
    const previous = isMove ? NO_SETUP : previousSetupOf(request.oldProperties, instance);
    let removeOnFailure = false;
    try {
      const startFunction = dependencies.startFunction ?? createFunctionStarter();
      const data = await installSetup(
        connectTo(instance, request, isMove ? MOVE_SHARE : undefined),
        properties,
        previous,
        startFunction,
        (isNewInstance) => {
          removeOnFailure = isMove && isNewInstance;
        },
      );
      return { physicalId: physicalIdOf(instance.arn, stackName), data: { ...data } };
    } catch (error) {
      if (!removeOnFailure) throw error;
      const setup = { stackName, ...previousSetupOf(request.properties, instance) };
      throw withNote(error, await removeSetup(connectTo(instance, request), setup));
    }
  }

  async function tearDown(request: ResourceRequest): Promise<ResourceResult> {
    const { physicalId = '' } = request;
    const location = parsePhysicalId(physicalId);
    // A Create with an instance of another Region or account was refused.
    if (location?.instance.region !== request.region || location.instance.account !== request.account) {
      return { physicalId, note: 'Nothing was set up, so there was nothing to remove.' };
    }
    const { instance, stackName } = location;
    const setup = { stackName, ...previousSetupOf(request.properties, instance) };
    const note = await removeSetup(connectTo(instance, request), setup);
    return { physicalId, ...(note === undefined ? {} : { note }) };
  }

  return {
    physicalId({ type, properties, physicalId = '' }) {
      const { ConnectInstanceArn, StackName } = properties;
      const isValid = type === 'Create' && parseInstanceArn(String(ConnectInstanceArn)) !== undefined;
      return isValid ? physicalIdOf(String(ConnectInstanceArn), String(StackName)) : physicalId;
    },
    apply: (request) => (request.type === 'Delete' ? tearDown(request) : setUp(request)),
  };
}

/** The same error, with what a person has to remove by hand. */
function withNote(error: unknown, note: string | undefined): unknown {
  if (note === undefined || !(error instanceof SwitchboardError)) return error;
  return new ConfigurationError(error.code, `${error.message} ${note}`, { cause: error });
}

const NO_SETUP: PreviousSetup = { functions: [], phoneNumber: undefined };

/** Another instance is another resource: CloudFormation deletes the old one after the update. */
function physicalIdOf(instanceArn: string, stackName: string): string {
  return `${instanceArn}/switchboard/${stackName}`;
}

/** The opposite. A Delete finds the setup by this ID, because its properties may be those that were refused. */
function parsePhysicalId(physicalId = ''): { instance: ConnectInstance; stackName: string } | undefined {
  const [arn = '', stackName] = physicalId.split('/switchboard/');
  const instance = parseInstanceArn(arn);
  return instance && stackName ? { instance, stackName } : undefined;
}

/** What these properties requested that an update or a removal has to undo. The properties may have any shape. */
function previousSetupOf(properties: Record<string, unknown>, instance: ConnectInstance): PreviousSetup {
  const { Functions, PhoneNumberId } = properties;
  const functions = typeof Functions === 'object' && Functions !== null ? Object.values(Functions) : [];
  const phoneNumber = typeof PhoneNumberId === 'string' ? PhoneNumberId.trim() : '';
  return {
    functions: functions.filter((arn) => typeof arn === 'string'),
    phoneNumber: phoneNumberReference(phoneNumber, instance.arn),
  };
}
