import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type * as CustomResource from '#core/platform/handlers/custom-resource.ts';
import apiEvent from '#events/contacts-api.json';
import { lambdaContext } from '#support/handler.ts';

/** What an invocation does on its way: logs and counts, as the domain does. */
type Work = () => Promise<void>;
type Invoke = (context: Context) => Promise<unknown>;

/** Every kind of handler, with an event for it. */
const KINDS: [kind: string, create: (work: Work) => Promise<Invoke>][] = [
  [
    'contact-flow',
    async (work) => {
      const { createFlowHandler } = await import('#core/platform/handlers/contact-flow.ts');
      const handler = createFlowHandler('probe', async () => {
        await work();
        return { status: 'FOUND' };
      });
      return (context) => handler({ Details: {} }, context);
    },
  ],
  [
    'rest-api',
    async (work) => {
      const { createApiHandler } = await import('#core/platform/handlers/rest-api.ts');
      const handler = createApiHandler('probe', (app) =>
        app.get('/health', async () => work().then(() => ({}))),
      );
      const event = { ...apiEvent, httpMethod: 'GET', path: '/health' } as unknown as APIGatewayProxyEvent;
      return (context) => handler(event, context);
    },
  ],
  [
    'stream',
    async (work) => {
      const { createStreamHandler } = await import('#core/platform/handlers/stream.ts');
      const handler = createStreamHandler('probe', async () => work().then(() => []));
      return (context) => handler({ Records: [] }, context);
    },
  ],
  [
    'scheduled',
    async (work) => {
      const { createScheduledHandler } = await import('#core/platform/handlers/scheduled.ts');
      const handler = createScheduledHandler('probe', async () =>
        work().then(() => ({ status: 'DONE', counts: {} })),
      );
      return (context) => handler({}, context);
    },
  ],
  [
    'custom-resource',
    async (work) => {
      const { createResourceHandler } = (await import(
        '#core/platform/handlers/custom-resource.ts'
      )) as typeof CustomResource;
      const resource = {
        physicalId: () => 'id',
        apply: async () => work().then(() => ({ physicalId: 'id' })),
      };
      const handler = createResourceHandler('probe', resource, async () => {});
      const event = { RequestType: 'Create', ResponseURL: 'http://127.0.0.1/', ResourceProperties: {} };
      return (context) => handler(event, context);
    },
  ],
];

describe.each(KINDS)('a handler of the kind %s', (_, create) => {
  let lines: Record<string, unknown>[];
  let metricLines: Record<string, unknown>[];

  beforeEach(() => {
    jest.resetModules();
    process.env.AWS_LAMBDA_INITIALIZATION_TYPE = 'on-demand';
    process.env.POWERTOOLS_DEV = 'true';
    process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
    process.env.POWERTOOLS_METRICS_DISABLED = 'false';
    lines = [];
    metricLines = [];
    for (const level of ['info', 'warn', 'error'] as const) {
      jest.spyOn(console, level).mockImplementation((...[line]) => void lines.push(JSON.parse(String(line))));
    }
    jest.spyOn(console, 'log').mockImplementation((line) => void metricLines.push(JSON.parse(String(line))));
  });

  async function handlerThat(
    work: (observability: typeof import('#core/platform/observability.ts')) => void,
  ) {
    const observability = await import('#core/platform/observability.ts');
    return create(async () => work(observability));
  }

  test('puts the request ID, the version, the cold start, and its name on every log line', async () => {
    const invoke = await handlerThat(({ logger }) => logger.warn('at work'));

    await invoke(lambdaContext({ awsRequestId: 'request-1', functionVersion: '7' }));
    const first = lines.splice(0);
    await invoke(lambdaContext({ awsRequestId: 'request-2', functionVersion: '7' }));

    const common = { function: 'probe', function_version: '7' };
    expect(first.map(({ message }) => message)).toContain('at work');
    for (const line of first) {
      expect(line).toMatchObject({ ...common, function_request_id: 'request-1', cold_start: true });
    }
    expect(lines).toHaveLength(first.length);
    for (const line of lines) {
      expect(line).toMatchObject({ ...common, function_request_id: 'request-2', cold_start: false });
    }
  });

  test('forgets the keys of an invocation', async () => {
    let invocation = 0;
    const invoke = await handlerThat(({ logger }) => {
      invocation += 1;
      if (invocation === 1) logger.appendKeys({ batch: 'B-1' });
    });

    await invoke(lambdaContext());
    lines.splice(0);
    await invoke(lambdaContext());

    expect(JSON.stringify(lines)).not.toContain('B-1');
  });

  test.each([
    ['succeeds', () => {}],
    [
      'fails',
      () => {
        throw new Error('a bug');
      },
    ],
  ])('publishes its metrics when the work %s', async (_, end) => {
    const invoke = await handlerThat(({ count }) => {
      count('Probed');
      end();
    });

    await invoke(lambdaContext()).catch(() => undefined);

    expect(metricLines).toHaveLength(1);
    expect(metricLines[0]).toMatchObject({ Probed: 1 });
  });
});

test('an invocation ends with its work, and not earlier when little time remains', async () => {
  const { createHandler } = await import('#core/platform/handlers/create-handler.ts');
  const handler = createHandler('probe', {
    run: () => new Promise((resolve) => setTimeout(resolve, 20, 'finished')),
    respond: (result) => result,
  });

  await expect(handler({}, lambdaContext({ getRemainingTimeInMillis: () => 5 }))).resolves.toBe('finished');
});
