import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { findFreePort } from '#tools/local/ports.ts';
import { findEngineBinary, PortTakenError, startEngineProcess } from './process.ts';
import { addStreamIndexes } from './stream-index.ts';

export interface Engine {
  endpoint: string;
  /** Resolves when the engine ends or crashes. Never resolves for an external engine. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** The repository's root. */
  root: string;
  /** 0 for any free one. */
  port?: number;
  /** An existing folder for the data. Absent: the data is deleted with the engine. */
  dataDir?: string;
  /** The parent folder for temporary data; by default that of the system. */
  scratchParent?: string;
  /** Another engine to use, DynamoDB Local for example. */
  endpoint?: string | undefined;
}

/** Starts the embedded engine, or connects to an external one. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (options.endpoint) {
    return { endpoint: options.endpoint, ended: new Promise(() => {}), async stop() {} };
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startEmbedded(options);
    } catch (error) {
      // Another process took the free port.
      if (options.port || !(error instanceof PortTakenError) || attempt === 5) throw error;
    }
  }
}

async function startEmbedded(options: EngineOptions): Promise<Engine> {
  const binary = findEngineBinary(options.root);
  const folder = options.dataDir ?? (await mkdtemp(join(options.scratchParent ?? tmpdir(), 'switchboard-')));
  const scratch = options.dataDir ? '' : folder;
  const file = join(folder, 'dynamodb.sqlite');
  try {
    if (!existsSync(file)) {
      // The engine creates its schema at its first start. The indexes need the schema.
      await (await startEngineProcess(binary, file, await findFreePort())).stop();
    }
    addStreamIndexes(file);
    return await startEngineProcess(binary, file, options.port || (await findFreePort()), scratch);
  } catch (error) {
    if (scratch) await rm(scratch, { recursive: true, force: true });
    throw error;
  }
}

/** A client for a local engine, which ignores credentials. */
export function createEngineClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 5,
  });
}
