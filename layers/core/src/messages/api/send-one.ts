import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import type { MessageService } from '#core/messages/create-messages.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { count } from '#core/platform/observability.ts';
import { parseBody } from '#core/platform/validate.ts';

const text = v.string('must be a string');

/** A message as clients send it, alone or as a line of a batch. */
export const smsBody = v.object({
  idempotencyKey: text,
  fromPhoneNumber: text,
  toPhoneNumber: text,
  content: text,
});

const sendOneBody = v.object({ sms: v.object({}, 'must be an object') });

/** POST /sms/send/one */
export function sendOneRoute(app: Router, { accept }: Pick<MessageService, 'accept'>): void {
  app.post('/sms/send/one', async ({ req }) => {
    const body = await readJson(req);
    rejectUnwrappedMessage(body);
    parseBody(sendOneBody, body);
    const sms = parseBody(smsBody, (body as { sms: unknown }).sms, 'sms');
    const { fromPhoneNumber: from, toPhoneNumber: to, idempotencyKey, content } = sms;
    const accepted = await accept({ idempotencyKey, from, to, content, origin: 'api' });
    if (accepted.duplicate) count('MessagesDuplicate');
    else count('MessagesAccepted');
    return Response.json({ sent: true, ...accepted });
  });
}

/** Detects a line of a batch that was sent alone. */
function rejectUnwrappedMessage(body: unknown): void {
  if (typeof body !== 'object' || body === null || 'sms' in body) return;
  if (!Object.keys(smsBody.entries).some((name) => Object.hasOwn(body, name))) return;
  throw new InvalidInputError(
    'INVALID_BODY',
    'sms is missing. Put the fields of the message in an object named sms.',
    {
      field: 'sms',
    },
  );
}
