import { SETUP_PROPERTIES } from '#support/custom-resource.ts';
import { FOREIGN } from '#support/setup-steps.ts';
import { createSetupWorld, PHYSICAL_ID, type SetupWorld } from '#support/setup-world.ts';

/** The stack was in this instance before, or is to be: CloudFormation names it by its id. */
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

test('a move to an instance that was not used before sets it up under an id of its own', async () => {
  await expect(moveHere()).resolves.toMatchObject({ physicalId: PHYSICAL_ID });

  expect(world.state.flows.all()).toHaveLength(4);
});

test('a rollback to the former instance that is refused leaves the flows there as they are', async () => {
  await world.run({});
  const before = world.snapshot();

  await expect(moveHere({ OperatorQueue: 'renamed meanwhile' })).rejects.toThrow(
    /OperatorQueue is not a queue/,
  );
  expect(world.snapshot()).toEqual(before);
});

test('a rollback to the former instance that fails half-way takes nothing back there', async () => {
  await world.run({});
  const before = world.snapshot();
  world.fault({ operation: 'UpdateContactFlowContent', fault: 'access-denied', times: 100 });

  await expect(moveHere({ AgentRingSeconds: '45' })).rejects.toThrow(/Missing rights/);
  expect(world.snapshot()).toEqual(before);
});

test('a move that fails takes back at once what it made', async () => {
  const before = world.snapshot();
  world.fault({ operation: 'BatchGetFlowAssociation', fault: 'access-denied', times: 4 });

  await expect(moveHere()).rejects.toThrow(/Missing rights/);
  expect(world.snapshot()).toEqual(before);
});

test('a move asks nothing of what the stack had in the other instance', async () => {
  const associated = `${SETUP_PROPERTIES.SyncFunctionArn}OfOthers`;
  world.state.lambdas.put(associated);
  world.state.flows.put(FOREIGN);
  const number = world.state.numbers.get(SETUP_PROPERTIES.PhoneNumberId);
  if (number) world.state.numbers.put({ ...number, ContactFlowId: FOREIGN.Id });
  const { data } = await moveHere({}, {}, { ...SETUP_PROPERTIES, Functions: { associated } });

  expect(world.state.lambdas.all()).toContain(associated);
  expect(data?.PhoneNumber).toMatch(/^points at the inbound flow now/);
});

test('a move that meets a slow Connect takes back what it made within the same time', async () => {
  const before = world.snapshot();
  world.fault({ operation: 'TagResource', fault: '429', times: 5 });
  world.fault({ operation: 'DeleteContactFlow', fault: '429', times: 3 });

  await expect(moveHere({}, { budgetMs: 15_000 })).rejects.toThrow(/not enough time for TagResource/);
  expect(world.snapshot()).toEqual(before);
});

test('a move that runs out of time still has the time to take back what it made', async () => {
  const before = world.snapshot();
  world.fault({ operation: 'CreateContactFlow', fault: '429', times: 5 });

  await expect(moveHere({}, { budgetMs: 15_000 })).rejects.toThrow(/not enough time/);
  expect(world.snapshot()).toEqual(before);
});
