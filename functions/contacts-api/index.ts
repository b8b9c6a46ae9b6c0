import { createContactsApi } from '@switchboard/core/contacts/api';
import { readEnv } from '@switchboard/core/platform/env';
import { createApiHandler } from '@switchboard/core/platform/handlers/rest-api';

const routes = createContactsApi(
  readEnv(
    'CONTACTS_TABLE',
    'LOOKUP_TABLE',
    'DEFAULT_COUNTRY',
    'ORGANIZATION',
    'ROOT_KEY_ARN',
    'KEY_VERSIONS',
    'LOOKUP_BUDGET_MS',
  ),
);

/** Contacts over REST: docs/openapi.yaml. */
export const handler = createApiHandler('contacts-api', routes);
