import { findMainNumber } from '#core/deployment/main-number.ts';
import { answeringConnect, CONNECT_INSTANCE_ARN, connectError } from '#support/fake-connect.ts';

const HERE = 'arn:aws:connect:eu-central-1:111122223333';
const NUMBER = { id: 'n', arn: `${HERE}:phone-number/n` };
const find = (answer: object | Error) =>
  findMainNumber(answeringConnect({ DescribePhoneNumber: answer }).connect, 'n', undefined);
const claimedTo = (TargetArn: string) => ({
  ClaimedPhoneNumberSummary: { PhoneNumberArn: NUMBER.arn, TargetArn },
});

test('a number of the instance is found', async () => {
  await expect(find(claimedTo(CONNECT_INSTANCE_ARN))).resolves.toEqual(NUMBER);
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
  'a number that Connect does not have (%s) is refused',
  async (name) => {
    await expect(find(connectError(name, 400))).rejects.toMatchObject({ code: 'NO_NUMBER' });
  },
);
