import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import { InvalidInputError } from '#core/platform/errors.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { count } from '#core/platform/observability.ts';
import { parseBody } from '#core/platform/validate.ts';
import type { MessagesApiParts } from './parts.ts';

const text = v.string('must be a string');

/** A message as callers write it, alone or as a line of a batch. */
export const smsBody = v.object({
  idempotencyKey: text,
  fromPhoneNumber: text,
  toPhoneNumber: text,
  content: text,
});

const oneBody = v.object({ sms: v.object({}, 'must be an object') });

/** POST /sms/send/one */
export function sendOneRoute(app: Router, { accept }: Pick<MessagesApiParts, 'accept'>): void {
  app.post('/sms/send/one', async ({ req }) => {
    const body = await readJson(req);
    refuseUnwrapped(body);
    parseBody(oneBody, body);
    const sms = parseBody(smsBody, (body as { sms: unknown }).sms, 'sms');
    const { fromPhoneNumber: from, toPhoneNumber: to, idempotencyKey, content } = sms;
    const accepted = await accept({ idempotencyKey, from, to, content, origin: 'api' });
    if (accepted.duplicate) count('MessagesDuplicate');
    else count('MessagesAccepted');
    return Response.json({ sent: true, ...accepted });
  });
}

/** A line of a batch, sent alone. */
function refuseUnwrapped(body: unknown): void {
  if (typeof body !== 'object' || body === null || 'sms' in body) return;
  if (!Object.keys(smsBody.entries).some((name) => Object.hasOwn(body, name))) return;
  throw new InvalidInputError('INVALID_BODY', 'sms is missing: put the fields of the message under "sms".', {
    field: 'sms',
  });
}
