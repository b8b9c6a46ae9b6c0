import { createConnectSetup } from '@switchboard/core/deployment/connect-setup';
import { createResourceHandler } from '@switchboard/core/platform/handlers/custom-resource';

/**
 * Sets the Connect instance up when the stack is created or updated, and takes that back when it is removed. Its
 * settings come with the event: a setting missing at import would leave CloudFormation waiting for an hour.
 */
export const handler = createResourceHandler('connect-setup', createConnectSetup());
