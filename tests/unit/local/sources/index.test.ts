import type { Asynchronous } from '../../../../local/lambda/asynchronous.ts';
import type { FunctionHost } from '../../../../local/lambda/host.ts';
import { createQueues } from '../../../../local/queues.ts';
import { createSources } from '../../../../local/sources/index.ts';
import { createDataStream } from '../../../../local/stand-in/kinesis.ts';

const HERE = 'arn:aws:kinesis:eu-central-1:111122223333:stream/here';

function sourcesFollowing(Stream: string) {
  const properties = { Events: { Agents: { Type: 'Kinesis', Properties: { Stream } } } };
  return createSources({
    endpoint: 'http://127.0.0.1:9',
    dataDir: undefined,
    host: { definitions: new Map([['F', { name: 'F', properties }]]) } as unknown as FunctionHost,
    asynchronous: { run: () => {} } as unknown as Asynchronous,
    queues: createQueues(undefined, []),
    dataStreams: [createDataStream(HERE)],
  });
}

test('a data stream that is not here is refused by name, because its function would never be invoked', () => {
  expect(() => sourcesFollowing(HERE.replace('here', 'elsewhere'))).toThrow(
    /F follows .*elsewhere.*it has .*here/,
  );
});

test('a data stream that is here is followed', async () => {
  const sources = sourcesFollowing(HERE);
  sources.startStreams();

  await expect(sources.caughtUp()).resolves.toBeUndefined();
  await sources.stop();
});
