import type { Router } from '@aws-lambda-powertools/event-handler/http';
import { createPhonebook, type Phonebook, parseDirectoryNumber } from '#core/phonebook/index.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { asUnavailable, NotFoundError } from '#core/platform/errors.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { defaultPhoneCountry, type PhoneCountry } from '#core/platform/phone.ts';
import { parseBody } from '#core/platform/validate.ts';
import { assignBody, parseIdempotencyKey, parseUserId, releaseBody } from './input.ts';
import { pageResponse, parseListQuery } from './list-input.ts';
import { parseReserveBody } from './reserve-input.ts';

export interface PhonebookApiEnv {
  DIRECTORY_TABLE: string;
  DEFAULT_COUNTRY: string;
  RESERVATION_MINUTES: number;
  QUARANTINE_DAYS: number;
}

export interface PhonebookRoutesOptions {
  phonebook: Phonebook;
  /** The country of area codes that are sent without a country. */
  country: PhoneCountry;
}

/** Composes phonebook-api from its settings. */
export function createPhonebookApi(env: PhonebookApiEnv): (app: Router) => void {
  const phonebook = createPhonebook({
    // Three attempts end long before the function times out, so that the client gets our 503.
    directory: { client: documentClient(3), table: env.DIRECTORY_TABLE },
    reservationMs: env.RESERVATION_MINUTES * 60_000,
    quarantineDays: env.QUARANTINE_DAYS,
  });
  return createPhonebookRoutes({ phonebook, country: defaultPhoneCountry(env.DEFAULT_COUNTRY) });
}

/** Creates the routes of docs/openapi.yaml. */
export function createPhonebookRoutes({ phonebook, country }: PhonebookRoutesOptions): (app: Router) => void {
  const call = <T>(result: Promise<T>) => asUnavailable('DirectoryTable', result);

  return function register(app) {
    app.get('/phonebook/find/:phoneNumber', async ({ params }) => ({
      exists: await call(phonebook.hasNumber(parseDirectoryNumber(params.phoneNumber ?? ''))),
    }));

    app.post('/phonebook/reserve', async ({ req }) => {
      const key = parseIdempotencyKey(req.headers);
      const input = parseReserveBody(await readJson(req), country);
      return Response.json(await call(phonebook.reserveNumbers({ ...input, ...key })));
    });

    app.post('/phonebook/assign', async ({ req }) => {
      const body = parseBody(assignBody, await readJson(req));
      await call(phonebook.assignNumber({ ...body, phoneNumber: parseDirectoryNumber(body.phoneNumber) }));
      return { assigned: true };
    });

    app.post('/phonebook/release', async ({ req }) => {
      const body = parseBody(releaseBody, await readJson(req));
      await call(phonebook.releaseNumber({ ...body, phoneNumber: parseDirectoryNumber(body.phoneNumber) }));
      return { released: true };
    });

    app.get('/phonebook/users/:userId', async ({ params }) => {
      const user = await call(phonebook.getUser(parseUserId(params.userId ?? '')));
      if (!user) throw userNotFoundError();
      return Response.json(user);
    });

    app.get('/phonebook/numbers', async ({ req }) => {
      const query = parseListQuery(req);
      return Response.json(pageResponse(query, await call(phonebook.listNumbers(query))));
    });
  };
}

function userNotFoundError(): NotFoundError {
  return new NotFoundError(
    'USER_NOT_FOUND',
    'The directory does not have this user. The agent sync adds users.',
    {
      field: 'userId',
    },
  );
}
