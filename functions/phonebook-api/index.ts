import { createPhonebookApi } from '@switchboard/core/phonebook/api';
import { readEnv } from '@switchboard/core/platform/env';
import { createApiHandler } from '@switchboard/core/platform/handlers/rest-api';

const routes = createPhonebookApi(
  readEnv('DIRECTORY_TABLE', 'DEFAULT_COUNTRY', 'RESERVATION_MINUTES', 'QUARANTINE_DAYS'),
);

/** The phonebook over REST, see docs/openapi.yaml. */
export const handler = createApiHandler('phonebook-api', routes);
