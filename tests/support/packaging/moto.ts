import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { toolsEnvironment } from './tools.ts';

/** moto wants a request to be signed, but looks at nothing but service and Region. */
const SIGNED =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';

/** An emulator for S3. */
export interface Moto {
  url: string;
  createBucket(name: string): Promise<void>;
  /** The object that an s3:// address names. */
  read(address: string): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Starts moto on any free port. */
export async function startMoto(): Promise<Moto> {
  const child = spawn('moto_server', ['--host', '127.0.0.1', '--port', '0'], {
    env: toolsEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const url = await Promise.race([
    new Promise<string>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
        if (address) resolve(address);
      });
    }),
    exited.then(() => Promise.reject(new Error(`moto ended before it was up:\n${output}`))),
  ]);

  async function ask(path: string, method: string): Promise<Buffer> {
    const response = await fetch(`${url}/${path}`, { method, headers: { authorization: SIGNED } });
    const body = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${body.toString()}`);
    return body;
  }

  return {
    url,
    async createBucket(name) {
      await ask(name, 'PUT');
    },
    read: (address) => ask(address.replace(/^s3:\/\//, ''), 'GET'),
    async stop() {
      child.kill();
      await exited;
    },
  };
}
