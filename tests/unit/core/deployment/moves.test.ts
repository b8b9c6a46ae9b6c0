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

test.each([
  ['is refused', { OperatorQueue: 'renamed meanwhile' }, /OperatorQueue is not a queue/],
  ['fails', { AgentRingSeconds: '45' }, /Missing rights/],
])('a rollback to the previous instance that %s changes nothing there', async (_, properties, reason) => {
  await world.run({});
  const before = world.snapshot();
  world.fault({ operation: 'UpdateContactFlowContent', fault: 'access-denied', times: 100 });

  await expect(moveHere(properties)).rejects.toThrow(reason);
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

const throttled = (operation: string, times: number) => ({ operation, fault: '429', times });

test.each([
  [
    'lacks rights',
    [{ operation: 'BatchGetFlowAssociation', fault: 'access-denied', times: 4 }],
    240_000,
    /Missing rights/,
  ],
  ['runs out of time', [throttled('CreateContactFlow', 5)], 15_000, /not enough time/],
  [
    'runs out of time at a Connect that is slow to delete, too',
    [throttled('TagResource', 5), throttled('DeleteContactFlow', 3)],
    15_000,
    /not enough time for TagResource/,
  ],
])('a move that %s removes what it created within the same time', async (_, faults, budgetMs, reason) => {
  const before = world.snapshot();
  for (const fault of faults) world.fault(fault);

  await expect(moveHere({}, { budgetMs })).rejects.toThrow(reason);
  expect(world.snapshot()).toEqual(before);
});
