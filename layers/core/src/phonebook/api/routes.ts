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
  /** Of area codes that come without a country. */
  country: PhoneCountry;
}

/** The routes of phonebook-api on the table its environment names. */
export function createPhonebookApi(env: PhonebookApiEnv): (app: Router) => void {
  const phonebook = createPhonebook({
    // The attempts at a request end long before the function's time does, so that the answer is ours: 503.
    directory: { client: documentClient(3), table: env.DIRECTORY_TABLE },
    reservationMs: env.RESERVATION_MINUTES * 60_000,
    quarantineDays: env.QUARANTINE_DAYS,
  });
  return createPhonebookRoutes({ phonebook, country: defaultPhoneCountry(env.DEFAULT_COUNTRY) });
}

/** The routes as docs/openapi.yaml describes them. */
export function createPhonebookRoutes({ phonebook, country }: PhonebookRoutesOptions): (app: Router) => void {
  const ask = <T>(answer: Promise<T>) => asUnavailable('DirectoryTable', answer);

  return function register(app) {
    app.get('/phonebook/find/:phoneNumber', async ({ params }) => ({
      exists: await ask(phonebook.hasNumber(parseDirectoryNumber(params.phoneNumber ?? ''))),
    }));

    app.post('/phonebook/reserve', async ({ req }) => {
      const key = parseIdempotencyKey(req.headers);
      const wanted = parseReserveBody(await readJson(req), country);
      return Response.json(await ask(phonebook.reserveNumbers({ ...wanted, ...key })));
    });

    app.post('/phonebook/assign', async ({ req }) => {
      const body = parseBody(assignBody, await readJson(req));
      await ask(phonebook.assignNumber({ ...body, phoneNumber: parseDirectoryNumber(body.phoneNumber) }));
      return { assigned: true };
    });

    app.post('/phonebook/release', async ({ req }) => {
      const body = parseBody(releaseBody, await readJson(req));
      await ask(phonebook.releaseNumber({ ...body, phoneNumber: parseDirectoryNumber(body.phoneNumber) }));
      return { released: true };
    });

    app.get('/phonebook/users/:userId', async ({ params }) => {
      const user = await ask(phonebook.getUser(parseUserId(params.userId ?? '')));
      return Response.json(user ?? missing());
    });

    app.get('/phonebook/numbers', async ({ req }) => {
      const query = parseListQuery(req);
      return Response.json(pageResponse(query, await ask(phonebook.listNumbers(query))));
    });
  };
}

function missing(): never {
  throw new NotFoundError('USER_NOT_FOUND', 'The directory has no such user; the agent sync adds users.', {
    field: 'userId',
  });
}
