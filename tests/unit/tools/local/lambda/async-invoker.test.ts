import { createDeadLetterQueues } from '#tools/local/emulators/dead-letter-queues.ts';
import { createAsyncInvoker } from '#tools/local/lambda/async-invoker.ts';
import type { FunctionHost } from '#tools/local/lambda/function-host.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:DeadLetters';

function hostThatFails(times: number) {
  let left = times;
  const events: string[] = [];
  const host = {
    definitions: new Map([['TestFunction', { deadLetterArn: QUEUE }]]),
    async invoke(_: string, event: string) {
      events.push(event);
      left--;
      const error = { errorType: 'Error', errorMessage: 'no' };
      return { requestId: 'id', log: '', outcome: left < 0 ? { kind: 'answer' } : { kind: 'failed', error } };
    },
  };
  return { host: host as unknown as FunctionHost, events };
}

test('an event is tried three times in all before it goes to the dead-letter queue', async () => {
  const queues = createDeadLetterQueues(undefined, ['DeadLetters']);
  const { host, events } = hostThatFails(3);

  expect(await createAsyncInvoker(host, queues, [1, 1]).run('TestFunction', '{"a":1}')).toBe(false);

  expect(events).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
  expect(queues.all().DeadLetters).toMatchObject([
    { body: '{"a":1}', attributes: { RequestID: 'id', ErrorCode: 'Error' } },
  ]);
});

test('an event that succeeds at the second try is not a dead letter', async () => {
  const queues = createDeadLetterQueues(undefined, ['DeadLetters']);

  expect(await createAsyncInvoker(hostThatFails(1).host, queues, [1, 1]).run('TestFunction', '{}')).toBe(
    true,
  );

  expect(queues.all()).toEqual({ DeadLetters: [] });
});
