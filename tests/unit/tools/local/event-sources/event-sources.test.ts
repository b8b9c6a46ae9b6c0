import { createDeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import { createDataStream } from '#tools/local/emulators/kinesis.ts';
import { createEventSources, type EventSourceOptions } from '#tools/local/event-sources/event-sources.ts';
import type { AsyncInvoker } from '#tools/local/lambda/async-invoker.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';

const HERE = 'arn:aws:kinesis:eu-central-1:111122223333:stream/here';

/** @param done when its function answers */
function hostOf(definition: object, done: Promise<void>): FunctionHost {
  const definitions = new Map([['F', { name: 'F', ...definition }]]);
  const invoke = async () => {
    await done;
    return { requestId: 'id', log: '', outcome: { kind: 'answer', payload: '{}' } };
  };
  return { definitions, invoke } as unknown as FunctionHost;
}

function sourcesFollowing(
  Stream: string,
  options: Partial<EventSourceOptions> = {},
  done = Promise.resolve(),
) {
  const properties = { Events: { Agents: { Type: 'Kinesis', Properties: { Stream } } } };
  return createEventSources({
    endpoint: 'http://127.0.0.1:9',
    dataDir: undefined,
    host: hostOf({ properties }, done),
    asynchronous: { run: () => {} } as unknown as AsyncInvoker,
    queues: createDeadLetterQueues(undefined, []),
    dataStreams: [createDataStream(HERE)],
    ...options,
  });
}

test('a data stream that is not here is refused by name, because its function would never be invoked', () => {
  expect(() => sourcesFollowing(HERE.replace('here', 'elsewhere'))).toThrow(
    /F reads .*elsewhere.*does not exist.*here/,
  );
});

test('a data stream that is here is followed', async () => {
  const sources = sourcesFollowing(HERE);
  sources.startStreams();

  await expect(sources.caughtUp()).resolves.toBeUndefined();
  await sources.stop();
});

test('a function that takes its time is not waited for', async () => {
  const stream = createDataStream(HERE);
  let answer = () => {};
  const done = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const sources = sourcesFollowing(HERE, { dataStreams: [stream], fireAndForget: ['F'] }, done);
  sources.startStreams();
  stream.put('key', 'record');

  await expect(sources.caughtUp()).resolves.toBeUndefined();
  answer();
  await sources.stop();
});
