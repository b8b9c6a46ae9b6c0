import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import { type MessageIdParts, partsOfMessageId } from '#core/messages/keys.ts';
import type { Message } from '#core/messages/message.ts';
import { decide } from '#core/messages/resolve-unknown.ts';
import { getMessage, listUnknown } from '#core/messages/store.ts';
import { InvalidInputError, NotFoundError } from '#core/platform/errors.ts';
import { pageParameters, readQuery } from '#core/platform/handlers/query-parameters.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import { pageToken, placeIn } from '#core/platform/page-token.ts';
import { parseBody } from '#core/platform/validate.ts';
import type { MessagesApiParts } from './parts.ts';

const decision = v.object({
  as: v.picklist(['SENT', 'FAILED', 'RESEND'], 'must be SENT, FAILED or RESEND'),
  since: v.optional(
    v.pipe(v.string('must be a string'), v.isoTimestamp('must be the time that the list gives')),
  ),
});

const listParameters = v.object({
  state: v.literal('UNKNOWN', 'state must be UNKNOWN; only these messages are listed'),
  ...pageParameters({ most: 100, usual: 50 }),
});
const LIST = ['messages', 'UNKNOWN'];

/** What became of messages, and deciding about those of which nobody knows. */
export function messageRoutes(app: Router, parts: MessagesApiParts): void {
  app.get('/sms/messages', async ({ req }) => {
    const { limit, nextToken } = readQuery(req, listParameters);
    const { messages, next } = await listUnknown(parts, { limit, after: placeIn(LIST, nextToken) });
    const more = next === undefined ? {} : { nextToken: pageToken(LIST, next) };
    return Response.json({ messages: messages.map(viewOf), ...more });
  });

  app.get('/sms/messages/:messageId', async ({ params }) => {
    const message = await getMessage(parts, idOf(params.messageId));
    if (message && 'damaged' in message)
      return Response.json({ messageId: message.messageId, ...message.damaged });
    return Response.json(message ? viewOf(message) : missing());
  });

  app.post('/sms/messages/:messageId/decide', async ({ req, params }) => {
    const id = idOf(params.messageId);
    const { as, since } = parseBody(decision, await readJson(req));
    if (as === 'RESEND' && since === undefined) throw sinceMissing();
    const message = await decide(parts, id, { as, since, at: new Date(parts.clock.now()).toISOString() });
    return Response.json(message ? viewOf(message) : missing());
  });
}

/** What may be told of a message: never its content or its recipient. */
function viewOf({ messageId, from, segments, encoding, attempts, acceptedAt, decision, status }: Message) {
  const { state } = status;
  const told = { messageId, state, fromPhoneNumber: from, segments, encoding, attempts, acceptedAt };
  return {
    ...told,
    ...('reason' in status ? { reason: status.reason } : {}),
    ...(status.state === 'WAITING' ? { dueAt: status.dueAt } : {}),
    ...(status.state === 'UNKNOWN' ? { since: status.since } : {}),
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
    ...(decision ? { decision } : {}),
  };
}

/** Without it, a repeated request could mean the doubt after the second attempt, and cause a third. */
function sinceMissing(): InvalidInputError {
  return new InvalidInputError(
    'INVALID_BODY',
    'since is missing: RESEND needs the since of the message as the list or the message itself gives it.',
    { field: 'since' },
  );
}

function idOf(messageId = ''): MessageIdParts {
  return partsOfMessageId(messageId) ?? missing();
}

function missing(): never {
  throw new NotFoundError(
    'MESSAGE_NOT_FOUND',
    'There is no such message. It may have expired: MessageRetentionDays says when.',
    { field: 'messageId' },
  );
}
