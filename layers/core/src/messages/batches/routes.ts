import type { Router } from '@aws-lambda-powertools/event-handler/http';
import { InvalidInputError } from '../../platform/errors.ts';
import { parseQuietHours } from '../quiet/hours.ts';
import { refuseTooLarge } from './limits.ts';
import { createSendMany, type SendManySettings } from './send-many.ts';
import { batchStatus } from './status.ts';

/** `POST /sms/send/many` and `GET /sms/batches/{trackingId}`, as docs/openapi.yaml describes them. */
export function batchRoutes(app: Router, settings: SendManySettings): void {
  const sendMany = createSendMany(settings);

  app.post('/sms/send/many', async ({ req, event, context }) => {
    const { quietFrom, quietUntil } = quietParameters(req);
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

function quietParameters(request: Request) {
  const parameters = new URL(request.url).searchParams;
  const unknown = [...parameters.keys()].find((name) => name !== 'quietFrom' && name !== 'quietUntil');
  if (unknown !== undefined) {
    throw new InvalidInputError('UNKNOWN_FIELD', 'The only query parameters are quietFrom and quietUntil.', {
      field: 'query',
    });
  }
  return { quietFrom: parameters.get('quietFrom'), quietUntil: parameters.get('quietUntil') };
}

function bodyBytes(event: { body?: string | null; isBase64Encoded?: boolean }): number {
  return Buffer.byteLength(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}
