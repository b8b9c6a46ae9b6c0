import { findShippedFlow } from '#core/connect/contact-flows.ts';
import { answeringConnect } from '#support/fake-connect.ts';

const NAME = 'switchboard extension-transfer';
const TAGS = { 'switchboard:stack': 'switchboard', 'switchboard:flow': 'extension-transfer' };

function find(...flows: { Id: string; Name: string; Tags?: Record<string, string> }[]) {
  const { connect, requests } = answeringConnect({
    ListContactFlows: { ContactFlowSummaryList: flows },
    SearchContactFlows: { ContactFlows: flows },
  });
  return { requests, id: findShippedFlow(connect, NAME) };
}

test('a flow is found by its name, without a search', async () => {
  const { id, requests } = find({ Id: 'f1', Name: 'switchboard inbound' }, { Id: 'f2', Name: NAME });

  expect(await id).toBe('f2');
  expect(requests).toHaveLength(1);
});

test('a renamed flow is found by its tags, and a copy of it is not', async () => {
  const { id, requests } = find(
    { Id: 'copy', Name: 'My variant', Tags: { ...TAGS, 'switchboard:id': 'f2' } },
    { Id: 'f2', Name: 'Durchwahl', Tags: { ...TAGS, 'switchboard:id': 'f2' } },
  );

  expect(await id).toBe('f2');
  expect(requests[1]?.input).toMatchObject({
    SearchFilter: {
      TagFilter: {
        AndConditions: Object.entries(TAGS).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      },
    },
  });
});

test('a renamed flow of an earlier version, without the tag of its ID, is found too', async () => {
  expect(await find({ Id: 'f2', Name: 'Durchwahl', Tags: TAGS }).id).toBe('f2');
});

test('an instance without the flow has none', async () => {
  expect(await find().id).toBeUndefined();
});
