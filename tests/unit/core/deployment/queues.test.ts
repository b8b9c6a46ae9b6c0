import { findQueues } from '#core/deployment/queues.ts';
import { fakeConnect } from '#support/fake-connect.ts';

const queue = (name: string) => ({ Id: `id-${name}`, Arn: `arn-${name}`, Name: name });
const find = (names: string[], operatorQueue = '', vipQueue = '') =>
  findQueues(fakeConnect({ ListQueues: { QueueSummaryList: names.map(queue) } }).calls, {
    operatorQueue,
    vipQueue,
  });

test.each([
  ["the instance's own", ['Sales', 'BasicQueue']],
  ['the only one', ['Sales']],
])('nobody has to name %s', async (_, names) => {
  const arn = `arn-${names.at(-1)}`;

  await expect(find(names)).resolves.toEqual({ operatorArn: arn, vipArn: arn });
});

test('one of several has to be named, and those that there are are told', async () => {
  await expect(find(['Sales', 'Support'])).rejects.toThrow(
    /has no BasicQueue\. Name one .* in OperatorQueue: Sales, Support\./,
  );
});

test('a name counts as it is written before it counts in other letters', async () => {
  await expect(find(['vip', 'VIP', 'BasicQueue'], '', 'VIP')).resolves.toEqual({
    operatorArn: 'arn-BasicQueue',
    vipArn: 'arn-VIP',
  });
});
