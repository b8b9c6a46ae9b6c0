import type { FlowName } from '@switchboard/core/flows';
import { findingsAfter, leadTo } from '../mutations.ts';

const unset = (what: string) =>
  `agent-queues: A caller can reach an agent's queue before ${what} is set. Set it on every path to this action.`;
const NO_HOOK = unset('the customer queue flow');

const PLACES: [FlowName, before: string, hook: string, target: string, attributes: string][] = [
  ['extension-transfer', 'agent-free', 'agent-hook', 'agent-queue', 'keep-agent'],
  ['inbound', 'own-agent', 'own-agent-hook', 'own-agent-queue', 'own-agent'],
];

test.each(PLACES)(
  'a way to an agent of %s past the customer queue flow is found',
  (name, before, hook, target) => {
    expect(findingsAfter(name, before, leadTo(target))).toContain(NO_HOOK);
    expect(
      findingsAfter(name, hook, ({ Transitions }) => {
        for (const way of Transitions.Errors ?? []) way.NextAction = target;
      }),
    ).toContain(NO_HOOK);
  },
);

test.each(PLACES)('another customer queue flow for an agent of %s is found', (name, _, hook) => {
  expect(
    findingsAfter(name, hook, ({ Parameters }) => {
      Parameters.EventHooks = { CustomerQueue: `\${InboundFlowArn}` };
    }),
  ).toContain(NO_HOOK);
});

test.each(PLACES)(
  'a caller for an agent of %s who is said to wait for the operator is found',
  (name, ...ids) => {
    expect(
      findingsAfter(name, ids[3], ({ Parameters }) => {
        Object.assign(Parameters.Attributes ?? {}, { switchboard_waiting_for: 'operator' });
      }),
    ).toContain(unset('switchboard_waiting_for'));
  },
);
