import { request as send } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { listen, readBody } from '#tools/local/http.ts';
import type { ServiceEndpoints } from '#tools/local/lambda/function-definitions.ts';
import { type RecordedRequest, rightsFor } from './calls.ts';
import type { Right } from './rights.ts';

/** What each function called, by the function's name. */
export type Calls = Map<string, Right[]>;

export interface Recorder {
  /** Where functions shall find the services. */
  endpoints: ServiceEndpoints;
  stop(): Promise<void>;
}

const BODY_LIMIT = 64 * 1024 * 1024;

/**
 * Stands between functions and the services, writes down which rights each request needs, and passes it on. A
 * function is told by its access key: its name.
 *
 * @param onRequest hears of every request as well, each time
 */
export async function startRecorder(
  direct: ServiceEndpoints,
  calls: Calls,
  onRequest: (caller: string, request: RecordedRequest) => void = () => undefined,
): Promise<Recorder> {
  const origins: Record<string, string> = { ...direct };
  /** Each right of each caller once, for there are as many as items. */
  const remembered = new Set<string>();
  const listener = await listen(0, async (request, response) => {
    const [, caller = '', service = ''] =
      /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const body = await readBody(request, BODY_LIMIT);
    const url = new URL(request.url ?? '/', origins[service]);
    const { method = '', headers } = request;
    const recorded = { service, method, url, target: String(headers['x-amz-target'] ?? ''), body };
    onRequest(caller, recorded);
    remember(caller, rightsFor(recorded));
    await new Promise<void>((resolve, reject) => {
      // An engine may keep a database for each access key; behind the recorder there is one.
      const authorization = String(headers.authorization).replace(/Credential=[^/]+/, 'Credential=test');
      const onward = send(url, { method, headers: { ...headers, authorization } }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        pipeline(answer, response).then(resolve, reject);
      });
      onward.once('error', reject);
      onward.end(body);
    });
  });

  function remember(caller: string, rights: Right[]): void {
    const known = calls.get(caller) ?? [];
    calls.set(caller, known);
    for (const right of rights) {
      const told = JSON.stringify([caller, right]);
      if (!remembered.has(told)) known.push(right);
      remembered.add(told);
    }
  }

  const through = (direct: string) => `${listener.url}${new URL(direct).pathname.replace(/\/$/, '')}`;
  const endpoints = Object.fromEntries(Object.entries(direct).map(([name, url]) => [name, through(url)]));
  return { endpoints: endpoints as unknown as ServiceEndpoints, stop: listener.stop };
}
