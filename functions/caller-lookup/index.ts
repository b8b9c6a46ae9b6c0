import { createCallerLookup } from '@switchboard/core/contacts/lookup';
import { readEnv } from '@switchboard/core/platform/env';
import { createFlowHandler } from '@switchboard/core/platform/handlers/contact-flow';

const findCaller = createCallerLookup(
  readEnv(
    'CONTACTS_TABLE',
    'LOOKUP_TABLE',
    'DIRECTORY_TABLE',
    'DEFAULT_COUNTRY',
    'ORGANIZATION',
    'ROOT_KEY_ARN',
    'KEY_VERSIONS',
    'LOOKUP_BUDGET_MS',
  ),
);

/** Finds the contact behind a call, with its audiences and its own agent. */
export const handler = createFlowHandler('caller-lookup', ({ parameters, customerAddress }) =>
  findCaller(parameters.identifier ?? customerAddress),
);
