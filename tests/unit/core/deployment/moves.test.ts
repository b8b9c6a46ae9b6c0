import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { FOREIGN } from '#support/setup-steps.ts';
import { createSetupWorld, PHYSICAL_ID, type SetupWorld } from '#support/setup-world.ts';

/** The physical ID of the stack in another instance. */
const ELSEWHERE = PHYSICAL_ID.replace('0000000001/', '0000000002/');

let world: SetupWorld;

beforeEach(() => {
  world = createSetupWorld();
});

const moveHere = (properties: object = {}, options = {}, oldProperties: Record<string, unknown> = {}) =>
  world.run(
    {
      type: 'Update',
      physicalId: ELSEWHERE,
      properties: { ...SETUP_PROPERTIES, ...properties },
      oldProperties,
    },
    options,
  );

test('a move to another instance sets that up under its own ID', async () => {
  await expect(moveHere()).resolves.toMatchObject({ physicalId: PHYSICAL_ID });

  expect(world.state.flows.all()).toHaveLength(4);
});

test('a refused rollback to the previous instance does not change the flows there', async () => {
  await world.run({});
  const before = world.snapshot();

  await expect(moveHere({ OperatorQueue: 'renamed meanwhile' })).rejects.toThrow(
    /OperatorQueue is not a queue/,
  );
  expect(world.snapshot()).toEqual(before);
});

test('a failed rollback to the previous instance removes nothing there', async () => {
  await world.run({});
  const before = world.snapshot();
  world.fault({ operation: 'UpdateContactFlowContent', fault: 'access-denied', times: 100 });

  await expect(moveHere({ AgentRingSeconds: '45' })).rejects.toThrow(/Missing rights/);
  expect(world.snapshot()).toEqual(before);
});

test('a failed move removes what it created', async () => {
  const before = world.snapshot();
  world.fault({ operation: 'BatchGetFlowAssociation', fault: 'access-denied', times: 4 });

  await expect(moveHere()).rejects.toThrow(/Missing rights/);
  expect(world.snapshot()).toEqual(before);
});

test('a move does not compare with the setup of the other instance', async () => {
  const associated = `${SETUP_PROPERTIES.SyncFunctionArn}OfOthers`;
  world.state.lambdas.put(associated);
  world.state.flows.put(FOREIGN);
  const number = world.state.numbers.get(SETUP_PROPERTIES.PhoneNumberId);
  if (number) world.state.numbers.put({ ...number, ContactFlowId: FOREIGN.Id });
  const { data } = await moveHere({}, {}, { ...SETUP_PROPERTIES, Functions: { associated } });

  expect(world.state.lambdas.all()).toContain(associated);
  expect(data?.PhoneNumber).toMatch(/^points at the inbound flow now/);
});

test('a move that a slow Connect fails removes what it created within the same time', async () => {
  const before = world.snapshot();
  world.fault({ operation: 'TagResource', fault: '429', times: 5 });
  world.fault({ operation: 'DeleteContactFlow', fault: '429', times: 3 });

  await expect(moveHere({}, { budgetMs: 15_000 })).rejects.toThrow(/not enough time for TagResource/);
  expect(world.snapshot()).toEqual(before);
});

test('a move that runs out of time has time left to remove what it created', async () => {
  const before = world.snapshot();
  world.fault({ operation: 'CreateContactFlow', fault: '429', times: 5 });

  await expect(moveHere({}, { budgetMs: 15_000 })).rejects.toThrow(/not enough time/);
  expect(world.snapshot()).toEqual(before);
});
