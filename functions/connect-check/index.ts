import { createConnectCheck } from '@switchboard/core/deployment/connect-check';
import { createResourceHandler } from '@switchboard/core/platform/handlers/custom-resource';

/** Looks at the settings before the stack makes anything that would outlive it. They come with the event. */
export const handler = createResourceHandler('connect-check', createConnectCheck());
