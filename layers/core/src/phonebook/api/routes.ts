import type { Router } from '@aws-lambda-powertools/event-handler/http';
import { createPhonebook, directoryNumber, type Phonebook } from '#core/phonebook/index.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { asUnavailable, NotFoundError } from '#core/platform/errors.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { defaultPhoneCountry, type PhoneCountry } from '#core/platform/phone.ts';
import { parseBody } from '#core/platform/validate.ts';
import { assignBody, idempotencyKey, releaseBody, userIdOf } from './input.ts';
import { answerPage, numbersQuery } from './paging.ts';
import { reservationOf } from './reservation.ts';

export interface PhonebookApiEnv {
  DIRECTORY_TABLE: string;
  DEFAULT_COUNTRY: string;
  RESERVATION_MINUTES: number;
  QUARANTINE_DAYS: number;
}

export interface PhonebookApiParts {
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
  return phonebookApi({ phonebook, country: defaultPhoneCountry(env.DEFAULT_COUNTRY) });
}

/** The routes as docs/openapi.yaml describes them. */
export function phonebookApi({ phonebook, country }: PhonebookApiParts): (app: Router) => void {
  const ask = <T>(answer: Promise<T>) => asUnavailable('DirectoryTable', answer);

  return function register(app) {
    app.get('/phonebook/find/:phoneNumber', async ({ params }) => ({
      exists: await ask(phonebook.find(directoryNumber(params.phoneNumber ?? ''))),
    }));

    app.post('/phonebook/reserve', async ({ req }) => {
      const key = idempotencyKey(req.headers);
      const wanted = reservationOf(await readJson(req), country);
      return Response.json(await ask(phonebook.reserve({ ...wanted, ...key })));
    });

    app.post('/phonebook/assign', async ({ req }) => {
      const body = parseBody(assignBody, await readJson(req));
      await ask(phonebook.assign({ ...body, phoneNumber: directoryNumber(body.phoneNumber) }));
      return { assigned: true };
    });

    app.post('/phonebook/release', async ({ req }) => {
      const body = parseBody(releaseBody, await readJson(req));
      await ask(phonebook.release({ ...body, phoneNumber: directoryNumber(body.phoneNumber) }));
      return { released: true };
    });

    app.get('/phonebook/users/:userId', async ({ params }) => {
      const user = await ask(phonebook.user(userIdOf(params.userId ?? '')));
      return Response.json(user ?? missing());
    });

    app.get('/phonebook/numbers', async ({ req }) => {
      const query = numbersQuery(req);
      return Response.json(answerPage(query, await ask(phonebook.numbers(query))));
    });
  };
}

function missing(): never {
  throw new NotFoundError('USER_NOT_FOUND', 'The directory has no such user; the agent sync adds users.', {
    field: 'userId',
  });
}
