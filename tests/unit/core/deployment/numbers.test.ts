import { findNumber, flowOfNumber } from '#core/deployment/numbers.ts';
import { connectError, fakeConnect } from '#support/fake-connect.ts';

const HERE = 'arn:aws:connect:eu-central-1:111122223333';
const INSTANCE = { arn: `${HERE}:instance/a`, id: 'a', region: 'eu-central-1', account: '111122223333' };
const NUMBER = { id: 'n', arn: `${HERE}:phone-number/n` };
const find = (answer: object | Error) =>
  findNumber(fakeConnect({ DescribePhoneNumber: answer }).calls, INSTANCE, 'n');
const claimedTo = (TargetArn: string) => ({
  ClaimedPhoneNumberSummary: { PhoneNumberArn: NUMBER.arn, TargetArn },
});

test('a number of the instance is found', async () => {
  await expect(find(claimedTo(INSTANCE.arn))).resolves.toEqual(NUMBER);
});

test.each([
  ['another instance', `${HERE}:instance/b`],
  ['a traffic distribution group', `${HERE}:traffic-distribution-group/c`],
])('a number of %s is refused', async (_, target) => {
  await expect(find(claimedTo(target))).rejects.toMatchObject({
    code: 'NO_NUMBER',
    message: expect.stringMatching(/belongs to another instance or to a traffic distribution group/),
  });
});

test.each(['ResourceNotFoundException', 'InvalidParameterException'])(
  'a number that Connect does not know (%s) is refused',
  async (name) => {
    await expect(find(connectError(name, 400))).rejects.toMatchObject({ code: 'NO_NUMBER' });
  },
);

test.each([
  ['by its id', 'n', 'flow', 'flow'],
  ['by its ARN', NUMBER.arn, `${INSTANCE.arn}/contact-flow/flow`, 'flow'],
  ['and another number only', `${HERE}:phone-number/m`, 'flow', undefined],
])('the flow of a number is known when Connect names it %s', async (_, ResourceId, FlowId, flow) => {
  const { calls } = fakeConnect({
    BatchGetFlowAssociation: { FlowAssociationSummaryList: [{ ResourceId, FlowId }] },
  });

  await expect(flowOfNumber(calls, NUMBER)).resolves.toBe(flow);
});
