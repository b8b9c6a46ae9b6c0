import type { IncomingMessage, ServerResponse } from 'node:http';

/** The path of the emulator for S3 on the port of Connect. */
export const S3_PATH = '/_s3/';

/** Emulates PutObject and GetObject of S3 for exports. Objects exist until the process ends. */
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
