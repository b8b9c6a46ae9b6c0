import { createNumberExpiry } from '@switchboard/core/phonebook/create-number-expiry';
import { readEnv } from '@switchboard/core/platform/env';
import { createScheduledHandler } from '@switchboard/core/platform/handlers/scheduled';

const env = readEnv('DIRECTORY_TABLE');
const expireNumbers = createNumberExpiry({ table: env.DIRECTORY_TABLE });

/** Expires reservations and quarantines, and assigns extensions to waiting agents. */
export const handler = createScheduledHandler('number-expiry', (_event, context) =>
  expireNumbers(context.getRemainingTimeInMillis()),
);
