import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import type { MessageService } from '#core/messages/create-messages.ts';
import type { Message } from '#core/messages/message.ts';
import { getMessage, listUnknown } from '#core/messages/read-messages.ts';
import { resolveUnknown } from '#core/messages/resolve-unknown.ts';
import { type MessageIdParts, partsOfMessageId } from '#core/messages/table-keys.ts';
import { isoNow } from '#core/platform/clock.ts';
import { InvalidInputError, NotFoundError } from '#core/platform/errors.ts';
import { pageParameters, readQuery } from '#core/platform/handlers/query-parameters.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { createPageToken, readPageToken } from '#core/platform/page-token.ts';
import { parseBody } from '#core/platform/validate.ts';

const resolutionBody = v.object({
  as: v.picklist(['SENT', 'FAILED', 'RESEND'], 'must be SENT, FAILED, or RESEND'),
  since: v.optional(v.pipe(v.string('must be a string'), v.isoTimestamp('must be the since of the message'))),
});

const listParameters = v.object({
  state: v.literal('UNKNOWN', 'state must be UNKNOWN; you can list only these messages'),
  ...pageParameters({ maxLimit: 100, defaultLimit: 50 }),
});
const UNKNOWN_LIST = ['messages', 'UNKNOWN'];

/** `/sms/messages` and below: list UNKNOWN messages, read a message, resolve an UNKNOWN message. */
export function messageRoutes(app: Router, service: MessageService): void {
  app.get('/sms/messages', async ({ req }) => {
    const { limit, nextToken } = readQuery(req, listParameters);
    const { messages, next } = await listUnknown(service, {
      limit,
      after: readPageToken(UNKNOWN_LIST, nextToken),
    });
    const more = next === undefined ? {} : { nextToken: createPageToken(UNKNOWN_LIST, next) };
    return Response.json({ messages: messages.map(toMessageView), ...more });
  });

  app.get('/sms/messages/:messageId', async ({ params }) => {
    const message = await getMessage(service, parseMessageId(params.messageId));
    if (message && 'damaged' in message)
      return Response.json({ messageId: message.messageId, ...message.damaged });
    return Response.json(message ? toMessageView(message) : throwMessageNotFound());
  });

  app.post('/sms/messages/:messageId/resolve', async ({ req, params }) => {
    const id = parseMessageId(params.messageId);
    const { as, since } = parseBody(resolutionBody, await readJson(req));
    if (as === 'RESEND' && since === undefined) throw sinceMissingError();
    const message = await resolveUnknown(service, id, {
      as,
      since,
      at: isoNow(service.clock),
    });
    return Response.json(message ? toMessageView(message) : throwMessageNotFound());
  });
}

/** Never shows the content or the recipient of a message. */
function toMessageView({
  messageId,
  from,
  segments,
  encoding,
  attempts,
  acceptedAt,
  resolution,
  status,
}: Message) {
  const { state } = status;
  const view = { messageId, state, fromPhoneNumber: from, segments, encoding, attempts, acceptedAt };
  return {
    ...view,
    ...('reason' in status ? { reason: status.reason } : {}),
    ...(status.state === 'WAITING' ? { dueAt: status.dueAt } : {}),
    ...(status.state === 'UNKNOWN' ? { since: status.since } : {}),
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
    ...(resolution ? { resolution } : {}),
  };
}

/** Without it, a repeated RESEND could apply to the second attempt, and cause a third text. */
function sinceMissingError(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_BODY',
    'since is missing. For RESEND, pass the since of the message, as the list or the message shows it.',
    { field: 'since' },
  );
}

function parseMessageId(messageId = ''): MessageIdParts {
  return partsOfMessageId(messageId) ?? throwMessageNotFound();
}

function throwMessageNotFound(): never {
  throw new NotFoundError(
    'MESSAGE_NOT_FOUND',
    'There is no message with this ID. Messages are deleted after MessageRetentionDays; check the ID.',
    { field: 'messageId' },
  );
}
