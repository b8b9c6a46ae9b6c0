import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import { parseQuietHours } from '#core/messages/quiet-hours/quiet-hours.ts';
import { TooLargeError } from '#core/platform/errors.ts';
import { readQuery } from '#core/platform/handlers/query-parameters.ts';
import { getBatchStatus } from './batch-status.ts';
import { createSendMany, type SendManySettings } from './send-many.ts';

/** parseQuietHours validates the values. */
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
    rejectLargeBody(countBodyBytes(event));
    const sent = await sendMany({
      body: req.body ?? [],
      quiet,
      timeLeft: () => context.getRemainingTimeInMillis(),
    });
    return Response.json(sent, { status: 202 });
  });

  app.get('/sms/batches/:trackingId', async ({ params }) =>
    Response.json(await getBatchStatus(settings, params.trackingId ?? '')),
  );
}

/**
 * Lambda takes 6 MB (6,291,456 bytes) with the body as a JSON string, in which every quote, backslash, and line end takes
 * one more byte: 18 percent in lines that contain nothing but field names. So this size always fits when the contents
 * have few such characters. API Gateway refuses everything larger.
 */
const MAX_BODY_BYTES = 5_000_000;

/** @throws {TooLargeError} `BODY_TOO_LARGE` */
function rejectLargeBody(bytes: number): void {
  if (bytes <= MAX_BODY_BYTES) return;
  throw new TooLargeError(
    'BODY_TOO_LARGE',
    `The body has ${bytes} bytes; the maximum is ${MAX_BODY_BYTES}. Nothing was accepted. Send it in several requests.`,
  );
}

function countBodyBytes(event: { body?: string | null; isBase64Encoded?: boolean }): number {
  return Buffer.byteLength(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}
