import { listFlows } from '#core/deployment/flow-store.ts';
import { listFunctions } from '#core/deployment/functions.ts';
import { checkInstance } from '#core/deployment/instance.ts';
import { connectError, fakeConnect } from '#support/fake-connect.ts';

const GONE = connectError('ResourceNotFoundException', 404);

test.each([
  ['there is not', GONE, 'NO_INSTANCE'],
  ['is being created', { Instance: { InstanceStatus: 'CREATION_IN_PROGRESS' } }, 'INSTANCE_NOT_ACTIVE'],
])('an instance that %s is refused', async (_, answer, code) => {
  await expect(checkInstance(fakeConnect({ DescribeInstance: answer }).calls)).rejects.toMatchObject({
    code,
  });
});

test.each([
  ['flows', listFlows],
  ['functions', listFunctions],
])('an instance that went meanwhile is named when its %s are asked for', async (_, list) => {
  const { calls } = fakeConnect({ ListContactFlows: GONE, ListLambdaFunctions: GONE });

  await expect(list(calls)).rejects.toMatchObject({ code: 'INSTANCE_GONE' });
});
