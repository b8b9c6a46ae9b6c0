import { createCallerLookup } from '@switchboard/core/contacts/lookup';
import { readEnv } from '@switchboard/core/platform/env';
import { flowHandler } from '@switchboard/core/platform/handlers/contact-flow';

const whoIsCalling = createCallerLookup(
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

/** Who is calling, in which audiences, whose customer. */
export const handler = flowHandler('caller-lookup', ({ parameters, customerAddress }) =>
  whoIsCalling(parameters.identifier ?? customerAddress),
);
