import { resolveQueues } from '#core/deployment/queues.ts';
import { answeringConnect } from '#support/fake-connect.ts';

const queue = (name: string) => ({ Id: `id-${name}`, Arn: `arn-${name}`, Name: name });
const find = (names: string[], operatorQueue = '', vipQueue = '') =>
  resolveQueues(answeringConnect({ ListQueues: { QueueSummaryList: names.map(queue) } }).connect, {
    operatorQueue,
    vipQueue,
  });

test.each([
  ['the default queue', ['Sales', 'BasicQueue']],
  ['the only queue', ['Sales']],
])('no parameter has to name %s', async (_, names) => {
  const arn = `arn-${names.at(-1)}`;

  await expect(find(names)).resolves.toEqual({ operatorArn: arn, vipArn: arn });
});

test.each([
  [
    'several queues',
    ['Sales', 'Support'],
    /has no BasicQueue\. Name one .* in OperatorQueue: Sales, Support\./,
  ],
  ['no queue', [], /^The instance has no queue.*Create a queue/],
])('of %s, none is chosen, and the error says what to do', async (_, names, message) => {
  await expect(find(names)).rejects.toThrow(message);
});

test('a name in the same letters comes before one in other letters', async () => {
  await expect(find(['vip', 'VIP', 'BasicQueue'], '', 'VIP')).resolves.toEqual({
    operatorArn: 'arn-BasicQueue',
    vipArn: 'arn-VIP',
  });
});
