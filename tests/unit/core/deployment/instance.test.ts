import { checkInstance } from '#core/deployment/instance.ts';
import { removeSetup } from '#core/deployment/remove.ts';
import { findStackFlows } from '#core/deployment/stack-flows.ts';
import { answeringConnect, connectError } from '#support/fake-connect.ts';

const NOT_FOUND = connectError('ResourceNotFoundException', 404);

test.each([
  ['that does not exist', NOT_FOUND, 'NO_INSTANCE'],
  ['that is being created', { Instance: { InstanceStatus: 'CREATION_IN_PROGRESS' } }, 'INSTANCE_NOT_ACTIVE'],
])('an instance %s is refused', async (_, answer, code) => {
  const { connect } = answeringConnect({ DescribeInstance: answer });

  await expect(checkInstance(connect)).rejects.toMatchObject({ code });
});

test('an instance that is deleted between two requests is named', async () => {
  const { connect } = answeringConnect({ ListContactFlows: NOT_FOUND });

  await expect(findStackFlows(connect, 'switchboard')).rejects.toMatchObject({ code: 'INSTANCE_GONE' });
});

test.each(['ListContactFlows', 'ListLambdaFunctions'])(
  'a removal from an instance that is deleted before %s has nothing to remove',
  async (operation) => {
    const { connect } = answeringConnect({ [operation]: NOT_FOUND });
    const setup = { stackName: 'switchboard', functions: [], phoneNumber: undefined };

    await expect(removeSetup(connect, setup)).resolves.toMatch(/does not exist any more/);
  },
);
