import { customResourceHandler } from '@switchboard/core/platform/custom-resource';
import { createCheck } from '@switchboard/core/setup/check';

/** Looks at the settings before the stack makes anything that would outlive it. They come with the event. */
export const handler = customResourceHandler('connect-check', createCheck());
