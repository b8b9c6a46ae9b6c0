import {
  computeFlowRevision,
  type FlowValues,
  formatFlowName,
  PROMPTS,
  renderFlow,
  SHIPPED_FLOWS,
} from '@switchboard/core/flows';

const values: FlowValues = {
  CallerLookupFunctionArn: 'arn:caller',
  ExtensionTransferFunctionArn: 'arn:extension',
  NameDirectoryFunctionArn: 'arn:names',
  FlowSmsFunctionArn: 'arn:texts',
  OperatorQueueArn: 'arn:operator',
  VipQueueArn: 'arn:vip',
  AgentRingSeconds: '20',
  StackName: 'switchboard',
  DefaultLanguage: 'de',
  AgentQueueFlowArn: 'arn:agent-queue',
  ExtensionTransferFlowArn: 'arn:extension-transfer',
  DialByNameFlowArn: 'arn:dial-by-name',
};

test.each(SHIPPED_FLOWS)('$name renders as JSON without a placeholder left', ({ source }) => {
  const content = renderFlow(source, values);
  expect(content).not.toContain('${');
  expect(JSON.parse(content)).toMatchObject({ Version: '2019-10-30', StartAction: source.StartAction });
});

test('a flow that names a flow not created yet is refused by the name of the placeholder', () => {
  const inbound = SHIPPED_FLOWS.find(({ name }) => name === 'inbound');
  const { AgentQueueFlowArn: _, ...early } = values;
  expect(() => renderFlow(inbound?.source ?? none, early)).toThrow(placeholder('AgentQueueFlowArn'));
});

test('a table of prompts stands for itself, and default for that of the default language', () => {
  const table = (name: string) => ({
    ...none,
    Actions: [{ Identifier: 'a', Type: 'X', Parameters: { Attributes: name }, Transitions: {} }],
  });
  const rendered = (name: string) =>
    JSON.parse(renderFlow(table(name), values)).Actions[0].Parameters.Attributes;
  expect(rendered(placeholder('Prompts.fr'))).toEqual({ ...PROMPTS.fr, switchboard_language: 'fr' });
  expect(rendered(placeholder('Prompts.default'))).toEqual({ ...PROMPTS.de, switchboard_language: 'de' });
  expect(rendered(`Say: ${placeholder('Prompts.es.say_welcome')}`)).toBe(`Say: ${PROMPTS.es.say_welcome}`);
  expect(() => rendered(placeholder('Prompts.xx'))).toThrow(placeholder('Prompts.xx'));
  expect(() => rendered(placeholder('Prompts.de.say_nonsense'))).toThrow(
    placeholder('Prompts.de.say_nonsense'),
  );
});

test('flows of two stacks have different titles, and the revision is a short text', () => {
  expect(formatFlowName('one', 'inbound')).toBe('one inbound');
  expect(computeFlowRevision()).toMatch(/^[0-9a-f]{16}$/);
});

/** As flows write one. */
const placeholder = (name: string) => `\${${name}}`;

const none = { Version: '2019-10-30', StartAction: '', Actions: [] };
