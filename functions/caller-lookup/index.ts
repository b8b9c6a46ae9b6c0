import { flowHandler } from '@switchboard/core/platform/flow';
export const handler = flowHandler('caller-lookup', async () => ({ status: 'NOT_FOUND' }));
