import { addFlow } from '#support/connect-emulator.ts';
import { demoAgents } from '#tools/local/demo/agents.ts';
import { demoContacts } from '#tools/local/demo/contacts.ts';
import { associateDemoNumbers, demoNumbers } from '#tools/local/demo/numbers.ts';
import { createConnectState } from '#tools/local/emulators/connect/state.ts';

test('there are 25 agents and 200 contacts, the same at every start, none twice', () => {
  const [agents, contacts] = [demoAgents(), demoContacts()];

  expect(new Set(agents.map(({ Id }) => Id)).size).toBe(25);
  expect(new Set(contacts.map(({ contactId }) => contactId)).size).toBe(200);
  const identifiers = contacts.flatMap(({ body }) => body.identifiers);
  expect(new Set(identifiers).size).toBe(identifiers.length);
  expect([demoAgents(), demoContacts()]).toEqual([agents, contacts]);
});

test("the example's caller is Jane, a vip, whose agent has asked for extension 1042", () => {
  const jane = demoContacts().find(({ body }) => body.identifiers.includes('+14155550100'));
  const agent = demoAgents().find(({ Id }) => Id === jane?.body.agentId);

  expect(jane?.body).toMatchObject({ firstName: 'Jane', attributes: { tier: 'vip' } });
  expect(agent?.Tags).toEqual({ 'switchboard:extension': '1042' });
});

test('user names have the characters that Connect allows, whatever the name', () => {
  const agents = demoAgents();

  for (const { Username } of agents) expect(Username).toMatch(/^[a-zA-Z0-9_.@+-]{1,100}$/);
  expect(agents.map(({ IdentityInfo }) => IdentityInfo.LastName)).toContain('Müller');
});

test('all numbers are of those that belong to nobody', () => {
  for (const { body } of demoContacts()) expect(body.identifiers[0]).toMatch(/^\+1\d{3}55501\d\d$/);
});

test('a dozen direct numbers of one area code point at the flow that puts their callers through', () => {
  const state = createConnectState(undefined);
  for (const number of demoNumbers()) state.numbers.put(number);
  const [kept] = state.numbers.all();
  addFlow(state, 'switchboard inbound');
  const flow = addFlow(state, 'switchboard extension-transfer');

  associateDemoNumbers(state);

  const direct = state.numbers.all().filter(({ ContactFlowId }) => ContactFlowId);
  expect(direct).toHaveLength(12);
  expect(new Set(direct.map(({ ContactFlowId }) => ContactFlowId))).toEqual(new Set([flow]));
  for (const { PhoneNumber } of direct) expect(PhoneNumber).toMatch(/^\+161355501[12]\d$/);
  expect(state.numbers.all()[0]).toEqual(kept);
});
