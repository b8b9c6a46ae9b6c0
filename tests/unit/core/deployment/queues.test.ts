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

test('one of several queues has to be named, and the error lists them', async () => {
  await expect(find(['Sales', 'Support'])).rejects.toThrow(
    /has no BasicQueue\. Name one .* in OperatorQueue: Sales, Support\./,
  );
});

test('a name in the same letters comes before one in other letters', async () => {
  await expect(find(['vip', 'VIP', 'BasicQueue'], '', 'VIP')).resolves.toEqual({
    operatorArn: 'arn-BasicQueue',
    vipArn: 'arn-VIP',
  });
});
