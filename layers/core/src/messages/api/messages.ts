import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import { InvalidInputError, NotFoundError } from '../../platform/errors.ts';
import { checked } from '../../platform/fields.ts';
import { readJson } from '../../platform/http.ts';
import { decide } from '../decide.ts';
import { type MessageIdParts, partsOfMessageId } from '../keys.ts';
import type { Message } from '../message.ts';
import { getMessage, listUnknown } from '../store.ts';
import type { MessagesApiParts } from './parts.ts';

const decision = v.object({
  as: v.picklist(['SENT', 'FAILED', 'RESEND'], 'must be SENT, FAILED or RESEND'),
  since: v.optional(
    v.pipe(v.string('must be a string'), v.isoTimestamp('must be the time that the list gives')),
  ),
});

const LARGEST_PAGE = 100;
const USUAL_PAGE = 50;

/** What became of messages, and deciding about those of which nobody knows. */
export function messageRoutes(app: Router, parts: MessagesApiParts): void {
  app.get('/sms/messages', async ({ req }) => {
    const { limit, after } = pageOf(new URL(req.url).searchParams);
    const { messages, next } = await listUnknown(parts, { limit, after });
    return Response.json({ messages: messages.map(viewOf), ...(next === undefined ? {} : { next }) });
  });

  app.get('/sms/messages/:messageId', async ({ params }) => {
    const message = await getMessage(parts, idOf(params.messageId));
    return Response.json(message ? viewOf(message) : missing());
  });

  app.post('/sms/messages/:messageId/decide', async ({ req, params }) => {
    const id = idOf(params.messageId);
    const { as, since } = checked(decision, await readJson(req));
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

function pageOf(parameters: URLSearchParams): { limit: number; after: string | undefined } {
  const unknown = [...parameters.keys()].find((name) => !['state', 'limit', 'after'].includes(name));
  if (unknown !== undefined) {
    throw new InvalidInputError('UNKNOWN_FIELD', 'The query parameters are state, limit and after.', {
      field: 'query',
    });
  }
  if (parameters.get('state') !== 'UNKNOWN') {
    throw new InvalidInputError('INVALID_STATE', 'state must be UNKNOWN; only these messages are listed.', {
      field: 'state',
    });
  }
  const limit = parameters.get('limit') ?? String(USUAL_PAGE);
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > LARGEST_PAGE) {
    throw new InvalidInputError('INVALID_LIMIT', `limit must be a number between 1 and ${LARGEST_PAGE}.`, {
      field: 'limit',
    });
  }
  return { limit: Number(limit), after: parameters.get('after') ?? undefined };
}
