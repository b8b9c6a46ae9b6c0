import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import { parseQuietHours } from '#core/messages/quiet/hours.ts';
import { readQuery } from '#core/platform/handlers/query-parameters.ts';
import { refuseTooLarge } from './limits.ts';
import { createSendMany, type SendManySettings } from './send-many.ts';
import { batchStatus } from './status.ts';

/** What they may be, parseQuietHours says: one without the other means nothing. */
const sendManyParameters = v.object({
  quietFrom: v.optional(v.string()),
  quietUntil: v.optional(v.string()),
});

/** `POST /sms/send/many` and `GET /sms/batches/{trackingId}`, as docs/openapi.yaml describes them. */
export function batchRoutes(app: Router, settings: SendManySettings): void {
  const sendMany = createSendMany(settings);

  app.post('/sms/send/many', async ({ req, event, context }) => {
    const { quietFrom, quietUntil } = readQuery(req, sendManyParameters);
    const quiet = parseQuietHours(quietFrom, quietUntil);
    refuseTooLarge(bodyBytes(event));
    const sent = await sendMany({
      body: req.body ?? [],
      quiet,
      timeLeft: () => context.getRemainingTimeInMillis(),
    });
    return Response.json(sent, { status: 202 });
  });

  app.get('/sms/batches/:trackingId', async ({ params }) =>
    Response.json(await batchStatus(settings, params.trackingId ?? '')),
  );
}

function bodyBytes(event: { body?: string | null; isBase64Encoded?: boolean }): number {
  return Buffer.byteLength(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}
