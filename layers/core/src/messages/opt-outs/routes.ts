import type { Router } from '@aws-lambda-powertools/event-handler/http';
import type { Clock } from '#core/platform/clock.ts';
import { parseInternationalField } from '#core/platform/phone.ts';
import { type OptOut, type OptOutStore, readOptOut, writeOptOut } from './opt-out-store.ts';

/** `/sms/opt-outs/{phoneNumber}`: read, set, and remove an opt-out. Responses never contain the number. */
export function optOutRoutes(app: Router, parts: OptOutStore & { clock: Clock }): void {
  app.get('/sms/opt-outs/:phoneNumber', async ({ params }) =>
    Response.json(toOptOutView(await readOptOut(parts, parseNumber(params)))),
  );
  app.put('/sms/opt-outs/:phoneNumber', async ({ params }) =>
    Response.json(toOptOutView(await setOptOut(parts, parseNumber(params), 'OPTED_OUT'))),
  );
  app.delete('/sms/opt-outs/:phoneNumber', async ({ params }) =>
    Response.json(toOptOutView(await setOptOut(parts, parseNumber(params), 'OPTED_IN'))),
  );
}

/** An entry of the operator is newer than the stored one, even if clocks differ. Repeating it changes nothing. */
async function setOptOut(
  parts: OptOutStore & { clock: Clock },
  phoneNumber: string,
  state: OptOut['state'],
): Promise<OptOut | undefined> {
  const stored = await readOptOut(parts, phoneNumber);
  if ((stored?.state ?? 'OPTED_IN') === state) return stored;
  const at = Math.max(parts.clock.now(), stored ? Date.parse(stored.at) + 1 : 0);
  const entered: OptOut = { state, at: new Date(at).toISOString(), source: 'API' };
  // Another request may have written a newer one.
  return (await writeOptOut(parts, phoneNumber, entered)) ? entered : readOptOut(parts, phoneNumber);
}

function toOptOutView(optOut: OptOut | undefined) {
  if (optOut === undefined) return { optedOut: false };
  return { optedOut: optOut.state === 'OPTED_OUT', since: optOut.at, source: optOut.source };
}

function parseNumber({ phoneNumber = '' }: { phoneNumber?: string | undefined }): string {
  return parseInternationalField(phoneNumber, 'phoneNumber');
}
