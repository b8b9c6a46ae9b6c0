import { FLOW_TAGS, findDirectFlow } from '#core/agent-sync/direct-numbers/flow.ts';
import type { ConnectSender } from '#core/agent-sync/index.ts';
import { TAGS } from '#core/deployment/flow-store.ts';

const NAME = 'switchboard extension-transfer';
const ours = { 'switchboard:stack': 'switchboard', 'switchboard:flow': 'extension-transfer' };

interface Flow {
  Id: string;
  Name: string;
  Tags?: Record<string, string>;
}

function find(...flows: Flow[]) {
  const asked: object[] = [];
  const client = {
    async send({ constructor: { name }, input }: { constructor: { name: string }; input: object }) {
      asked.push(input);
      return name === 'ListContactFlowsCommand' ? { ContactFlowSummaryList: flows } : { ContactFlows: flows };
    },
  } as unknown as ConnectSender;
  return { asked, id: findDirectFlow(client, 'i', NAME, (_, send) => send()) };
}

test('the flow is known by its name, without a search', async () => {
  const { id, asked } = find({ Id: 'f1', Name: 'switchboard inbound' }, { Id: 'f2', Name: NAME });

  expect(await id).toBe('f2');
  expect(asked).toHaveLength(1);
});

test('one that was renamed is known by its tags, and a copy of it is not taken for it', async () => {
  const { id, asked } = find(
    { Id: 'copy', Name: 'My variant', Tags: { ...ours, 'switchboard:id': 'f2' } },
    { Id: 'f2', Name: 'Durchwahl', Tags: { ...ours, 'switchboard:id': 'f2' } },
  );

  expect(await id).toBe('f2');
  expect(asked[1]).toMatchObject({
    SearchFilter: {
      TagFilter: {
        AndConditions: [
          { TagKey: 'switchboard:stack', TagValue: 'switchboard' },
          { TagKey: 'switchboard:flow', TagValue: 'extension-transfer' },
        ],
      },
    },
  });
});

test('one whose tags are older than that of its id is known too, and where there is none, there is none', async () => {
  expect(await find({ Id: 'f2', Name: 'Durchwahl', Tags: ours }).id).toBe('f2');
  expect(await find().id).toBeUndefined();
});

test('the tags are those that the setup writes', () => {
  expect(TAGS).toMatchObject(FLOW_TAGS);
});
