// The cold start of the flow functions' artifacts: a new process, from spawn to the answer to its first event,
// against the same for a DocumentClient with one Get in one bundle. The answers come from an emulator that costs
// nothing, so that what is compared is loading and running code.
import { fork } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundling } from '#tools/build/build.ts';
import { type Figure, percentile } from './report.ts';

const ROUNDS = 41;
const MAX_KILOBYTES = 600;

interface Loaded {
  milliseconds: number;
  bytes: number;
}

export async function measureColdStart(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-bench-'));
  const server = await startAnswerServer();
  try {
    const floorFile = join(folder, 'index.mjs');
    await build({ ...bundling, entryPoints: ['tools/bench/floor/get.ts'], outfile: floorFile });
    const figures: Figure[] = [];
    for (const name of ['extension-transfer', 'name-directory', 'caller-lookup']) {
      figures.push(...(await compareColdStart(name, floorFile, server)));
    }
    return figures;
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

async function compareColdStart(name: string, floorFile: string, server: Server): Promise<Figure[]> {
  const file = resolve(`dist/functions/${name}/index.mjs`);
  const event = await readFile(`events/${name}.json`, 'utf8');
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push((await loadFunction(file, event, server)).milliseconds);
    floor.push((await loadFunction(floorFile, event, server)).milliseconds);
  }
  const { bytes } = await loadFunction(file, event, server, '--bytes');
  return [
    {
      name: `cold start of ${name}, median of ${ROUNDS}`,
      value: percentile(ours, 0.5),
      floor: percentile(floor, 0.5),
      unit: 'ms',
      goal: { atMost: 1.2 },
    },
    {
      name: `code ${name} reads from disk`,
      value: bytes / 1000,
      floor: MAX_KILOBYTES,
      unit: 'kB',
      goal: { atMost: 1 },
      note: 'floor: the limit',
    },
  ];
}

function loadFunction(file: string, event: string, server: Server, mode = '--time'): Promise<Loaded> {
  return new Promise((done, failed) => {
    const started = performance.now();
    const child = fork('tools/bench/cold-start-child.mjs', [file, event, mode], {
      env: environment((server.address() as AddressInfo).port),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.once('message', (message: { bytes: number }) => {
      done({ milliseconds: performance.now() - started, bytes: message.bytes });
      child.kill();
    });
    child.once('exit', (code) => failed(new Error(`${file} ended with ${code} before it answered.`)));
  });
}

function environment(port: number): Record<string, string> {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    PATH: process.env.PATH ?? '',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_KMS: endpoint,
    POWERTOOLS_SERVICE_NAME: 'bench',
    POWERTOOLS_METRICS_NAMESPACE: 'Switchboard',
    CONTACTS_TABLE: 'contacts',
    LOOKUP_TABLE: 'lookup',
    DIRECTORY_TABLE: 'directory',
    DEFAULT_COUNTRY: 'US',
    ORGANIZATION: 'bench',
    ROOT_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/bench',
    KEY_VERSIONS: '1',
  };
}

/** Returns a fixed MAC for KMS, and no items for every read of DynamoDB. */
async function startAnswerServer(): Promise<Server> {
  const mac = JSON.stringify({ Mac: Buffer.alloc(64, 7).toString('base64'), MacAlgorithm: 'HMAC_SHA_512' });
  const server = createServer((request, response) => {
    request.resume();
    const kms = String(request.headers['x-amz-target']).startsWith('TrentService');
    response.setHeader('content-type', kms ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0');
    response.end(kms ? mac : '{"Items":[],"Count":0}');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}
