import { createNumberExpiry } from '@switchboard/core/phonebook/number-expiry';
import { readEnv } from '@switchboard/core/platform/env';
import { jobHandler } from '@switchboard/core/platform/handlers/scheduled';

const env = readEnv('DIRECTORY_TABLE');
const expireNumbers = createNumberExpiry({ table: env.DIRECTORY_TABLE });

/** Ends reservations and quarantines that are over. */
export const handler = jobHandler('number-expiry', (_event, context) =>
  expireNumbers(context.getRemainingTimeInMillis()),
);
