import type { IncomingMessage, ServerResponse } from 'node:http';

/** Where the emulator for S3 begins on the port of Connect. */
export const S3_PATH = '/_s3/';

/** Just enough of S3 for an export: PutObject, and GetObject to look at it. Objects live as long as the process. */
export function createObjectStore() {
  const objects = new Map<string, { body: Buffer; type: string }>();

  return function answerS3(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: Buffer,
  ): void {
    const name = decodeURIComponent(path.slice(S3_PATH.length));
    if (request.method === 'PUT') {
      objects.set(name, { body, type: request.headers['content-type'] ?? 'application/octet-stream' });
      response.writeHead(200, { etag: '"local"' }).end();
      return;
    }
    const object = objects.get(name);
    if (object && request.method === 'GET') {
      response.writeHead(200, { 'content-type': object.type, 'content-length': object.body.length });
      response.end(object.body);
      return;
    }
    const code = request.method === 'GET' ? 'NoSuchKey' : 'NotImplemented';
    response.writeHead(code === 'NoSuchKey' ? 404 : 501, { 'content-type': 'application/xml' });
    response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
  };
}
