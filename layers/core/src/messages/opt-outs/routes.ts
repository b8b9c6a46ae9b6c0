import type { Router } from '@aws-lambda-powertools/event-handler/http';
import type { Clock } from '#core/platform/clock.ts';
import { internationalNumber } from '#core/platform/phone.ts';
import { type OptOut, type OptOutStore, readOptOut, writeOptOut } from './store.ts';

/** Who wants no texts, for operators and their systems: look, enter, take back. Answers never name the number. */
export function optOutRoutes(app: Router, parts: OptOutStore & { clock: Clock }): void {
  app.get('/sms/opt-outs/:phoneNumber', async ({ params }) =>
    Response.json(viewOf(await readOptOut(parts, numberOf(params)))),
  );
  app.put('/sms/opt-outs/:phoneNumber', async ({ params }) =>
    Response.json(viewOf(await enter(parts, numberOf(params), 'OUT'))),
  );
  app.delete('/sms/opt-outs/:phoneNumber', async ({ params }) =>
    Response.json(viewOf(await enter(parts, numberOf(params), 'IN'))),
  );
}

/** What somebody enters now is newer than what is known, whatever the clocks say. The same again changes nothing. */
async function enter(
  parts: OptOutStore & { clock: Clock },
  phoneNumber: string,
  state: OptOut['state'],
): Promise<OptOut | undefined> {
  const known = await readOptOut(parts, phoneNumber);
  if ((known?.state ?? 'IN') === state) return known;
  const at = Math.max(parts.clock.now(), known ? Date.parse(known.at) + 1 : 0);
  const entered: OptOut = { state, at: new Date(at).toISOString(), source: 'API' };
  // Unless somebody was faster.
  return (await writeOptOut(parts, phoneNumber, entered)) ? entered : readOptOut(parts, phoneNumber);
}

function viewOf(optOut: OptOut | undefined) {
  if (optOut === undefined) return { optedOut: false };
  return { optedOut: optOut.state === 'OUT', since: optOut.at, source: optOut.source };
}

function numberOf({ phoneNumber = '' }: { phoneNumber?: string | undefined }): string {
  return internationalNumber(phoneNumber, 'phoneNumber');
}
