import { createContactFlow, updateContactFlow } from '#core/connect/contact-flows.ts';
import { publishFlow } from '#core/deployment/publish-flow.ts';
import { answeringConnect, connectError } from '#support/fake-connect.ts';

const TITLE = 'one agent-queue';
const FLOW = { name: TITLE, type: 'CUSTOMER_QUEUE', description: '', content: '{}', tags: {} } as const;
const invalid = (...messages: string[]) =>
  connectError('InvalidContactFlowException', 400, { problems: messages.map((message) => ({ message })) });
const created = { ContactFlowId: 'id', ContactFlowArn: 'arn' };

test('a flow that names what Connect does not know yet is published a moment later', async () => {
  const { connect, waits } = answeringConnect({ CreateContactFlow: [invalid('x'), invalid('x'), created] });

  await expect(publishFlow(connect, TITLE, () => createContactFlow(connect, FLOW))).resolves.toEqual({
    id: 'id',
    arn: 'arn',
  });
  expect(waits).toEqual([2_000, 6_000]);
});

test.each([
  [
    'with the reasons of Connect',
    ['The function is unknown.', 'So is the queue.'],
    /one agent-queue": The function is unknown\. So is the queue\.$/,
  ],
  ['also when Connect gives no reason', [], /one agent-queue": it gives no reason$/],
])('a flow that stays invalid is refused %s', async (_, messages, message) => {
  const { connect } = answeringConnect({ UpdateContactFlowContent: invalid(...messages) });

  await expect(
    publishFlow(connect, TITLE, () => updateContactFlow(connect, 'id', '{}')),
  ).rejects.toMatchObject({
    code: 'INVALID_FLOW',
    message: expect.stringMatching(message),
  });
});

test('a name that is taken and a flow that is gone are results, not errors', async () => {
  const { connect } = answeringConnect({
    CreateContactFlow: connectError('DuplicateResourceException', 409),
    UpdateContactFlowContent: connectError('ResourceNotFoundException', 404),
  });

  await expect(publishFlow(connect, TITLE, () => createContactFlow(connect, FLOW))).resolves.toBeUndefined();
  await expect(publishFlow(connect, TITLE, () => updateContactFlow(connect, 'id', '{}'))).resolves.toBe(
    false,
  );
});
