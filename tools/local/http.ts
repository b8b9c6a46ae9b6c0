import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Listener {
  port: number;
  url: string;
  stop(): Promise<void>;
}

/** The body exceeds the limit of the service. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/**
 * Listens on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws the server's own error; `EADDRINUSE` when the port is taken
 */
export function listen(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listener> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // The connection is unusable: the client disconnected, or the server has a bug.
      const brokenOff = request.destroyed && !request.complete;
      if (!brokenOff) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      response.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      resolve({ port: actual, url: `http://127.0.0.1:${actual}`, stop: () => stop(server) });
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * The whole body of a request.
 *
 * @throws {BodyTooLargeError} when it is longer than the limit; what follows is read and forgotten, so that the
 * other side gets to read the answer
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) throw new BodyTooLargeError(`The body is larger than ${limit} bytes.`);
  return Buffer.concat(chunks);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
