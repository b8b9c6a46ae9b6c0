import { createFlow, updateFlow } from '#core/deployment/publish-flow.ts';
import { SHIPPED_FLOWS } from '#core/flows/index.ts';
import { connectError, fakeConnect } from '#support/fake-connect.ts';

const [shipped] = SHIPPED_FLOWS;
if (!shipped) throw new Error('No flow is shipped.');
const FLOW = { shipped, title: 'one agent-queue', content: '{}', tags: {} };
const FOUND = { id: 'id', arn: 'arn', name: 'one agent-queue', content: '{}', tags: {} };
const invalid = (...messages: string[]) =>
  connectError('InvalidContactFlowException', 400, {
    problems: messages.map((message) => ({ message })),
  });
const created = { ContactFlowId: 'id', ContactFlowArn: 'arn' };

test('a flow that names what Connect does not know yet is published a moment later', async () => {
  const { calls, waits } = fakeConnect({ CreateContactFlow: [invalid('x'), invalid('x'), created] });

  await expect(createFlow(calls, FLOW)).resolves.toEqual({ id: 'id', arn: 'arn' });
  expect(waits).toEqual([2_000, 6_000]);
});

test.each([
  [
    'with what Connect says',
    ['The function is unknown.', 'So is the queue.'],
    /one agent-queue": The function is unknown\. So is the queue\.$/,
  ],
  ['even if Connect does not say why', [], /one agent-queue": it does not say why$/],
])('a flow that stays invalid is refused %s', async (_, messages, told) => {
  const { calls } = fakeConnect({ UpdateContactFlowContent: invalid(...messages) });

  await expect(updateFlow(calls, FOUND, '{}')).rejects.toMatchObject({
    code: 'INVALID_FLOW',
    message: expect.stringMatching(told),
  });
});

test('a name that is taken and a flow that is gone are answers', async () => {
  const { calls } = fakeConnect({
    CreateContactFlow: connectError('DuplicateResourceException', 409),
    UpdateContactFlowContent: connectError('ResourceNotFoundException', 404),
  });

  await expect(createFlow(calls, FLOW)).resolves.toBeUndefined();
  await expect(updateFlow(calls, FOUND, '{}')).resolves.toBe(false);
});
