import { getFlowOfNumber, searchAvailablePhoneNumbers } from '#core/connect/phone-numbers.ts';
import { answeringConnect, CONNECT_INSTANCE_ARN } from '#support/fake-connect.ts';

const HERE = 'arn:aws:connect:eu-central-1:111122223333';
const NUMBER = { id: 'n', arn: `${HERE}:phone-number/n` };

test.each([
  ['by its ID', 'n', 'flow', 'flow'],
  ['by its ARN', NUMBER.arn, `${CONNECT_INSTANCE_ARN}/contact-flow/flow`, 'flow'],
  ['and another number only', `${HERE}:phone-number/m`, 'flow', undefined],
])('the flow of a number is found when Connect names the number %s', async (_, ResourceId, FlowId, flow) => {
  const { connect } = answeringConnect({
    BatchGetFlowAssociation: { FlowAssociationSummaryList: [{ ResourceId, FlowId }] },
  });

  await expect(getFlowOfNumber(connect, NUMBER)).resolves.toBe(flow);
});

test('a search reads no page beyond its limit', async () => {
  const page = (...PhoneNumber: string[]) => ({
    AvailableNumbersList: PhoneNumber.map((one) => ({ PhoneNumber: one })),
    NextToken: 'next',
  });
  const { connect, requests } = answeringConnect({
    SearchAvailablePhoneNumbers: [page('+1', '+2'), page('+3', '+4'), page('+5')],
  });
  const wanted = { prefix: '+1613', country: 'CA', type: 'DID', limit: 3 } as const;

  await expect(searchAvailablePhoneNumbers(connect, wanted)).resolves.toEqual(['+1', '+2', '+3']);
  expect(requests).toHaveLength(2);
});
