import { Readable } from 'node:stream';
import { ConnectClient, type ConnectClientConfig } from '@aws-sdk/client-connect';
import { CONNECT_ROUTES, checkInstance, findRoute } from '#tools/local/emulators/connect/request.ts';
import { type ConnectState, createConnectState } from '#tools/local/emulators/connect/state.ts';
import { denied, internal, ServiceError, throttled } from '#tools/local/emulators/errors.ts';
import { createFaults, type Faults } from '#tools/local/emulators/faults.ts';
import { LOCAL } from '#tools/local/template/index.ts';

/** The part of the SDK's request that is used. */
interface ClientRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  body?: string | Uint8Array;
}

export interface ConnectInMemory {
  /** A client of the SDK, without its network. */
  client: ConnectClient;
  state: ConnectState;
  faults: Faults;
}

const FAULTS = { '429': throttled, '500': internal, 'access-denied': denied } as const;

/** The operations of the emulator behind a client of the SDK, in this process and without a quota. */
export function createConnectInMemory(): ConnectInMemory {
  const state = createConnectState(undefined);
  const faults = createFaults(CONNECT_ROUTES.map(({ operation }) => operation));

  function answer({ method, path, query = {}, body = '' }: ClientRequest): unknown {
    const url = new URL(path, 'http://connect');
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value ?? []].flat()) url.searchParams.append(name, one);
    }
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const { route, input } = findRoute(method, url, text === '' ? {} : JSON.parse(text));
    const fault = faults.take(route.operation)?.fault;
    if (fault !== undefined) throw FAULTS[fault as keyof typeof FAULTS]();
    if (route.instance) checkInstance(input);
    return route.run(state, input).body;
  }

  async function handle(request: ClientRequest) {
    try {
      return { response: toResponse(200, answer(request)) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { status, type, message, details } = error;
      return { response: toResponse(status, { Message: message, ...details }, type) };
    }
  }

  const client = new ConnectClient({
    region: LOCAL.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: { handle } as unknown as NonNullable<ConnectClientConfig['requestHandler']>,
  });
  return { client, state, faults };
}

function toResponse(statusCode: number, body: unknown, type?: string) {
  const headers = { 'content-type': 'application/json', ...(type ? { 'x-amzn-errortype': type } : {}) };
  return { statusCode, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) };
}
