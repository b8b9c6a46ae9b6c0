import { randomUUID } from 'node:crypto';
import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import { listen, readBody } from '#tools/local/http.ts';

/** See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
export interface CustomResourceResponse {
  Status: string;
  Reason: string;
  PhysicalResourceId: string;
  Data: JsonObject;
}

/** CloudFormation's limit. */
const MAX_BYTES = 4096;

/**
 * Sends a request with a response URL, and waits for the response.
 *
 * @param send ends when the function ends
 * @throws when there is no response in time, or the function ends without one
 */
export async function awaitResponse(
  timeoutMs: number,
  send: (responseUrl: string) => Promise<void>,
): Promise<CustomResourceResponse> {
  const path = `/${randomUUID()}`;
  const answered = Promise.withResolvers<CustomResourceResponse>();
  const listener = await listen(0, async (request, response) => {
    const known = request.method === 'PUT' && request.url === path;
    const answer = known ? parseResponse(await readBody(request, MAX_BYTES)) : undefined;
    response.writeHead(answer ? 200 : 403).end();
    if (answer) answered.resolve(answer);
  });
  const timer = setTimeout(
    () => answered.reject(new Error('The custom resource did not respond in time.')),
    timeoutMs,
  );
  try {
    // The answer comes before the function ends.
    const sent = send(`${listener.url}${path}`).then(() => undefined);
    const first = await Promise.race([answered.promise, sent]);
    if (first) return first;
    answered.reject(new Error('The function ended without a response.'));
    return await answered.promise;
  } finally {
    clearTimeout(timer);
    await listener.stop();
  }
}

function parseResponse(bytes: Buffer): CustomResourceResponse | undefined {
  const body: unknown = JSON.parse(bytes.toString('utf8'));
  if (!isObject(body)) return undefined;
  return {
    Status: textAt(body, 'Status') ?? '',
    Reason: textAt(body, 'Reason') ?? '',
    PhysicalResourceId: textAt(body, 'PhysicalResourceId') ?? '',
    Data: objectAt(body, 'Data'),
  };
}
