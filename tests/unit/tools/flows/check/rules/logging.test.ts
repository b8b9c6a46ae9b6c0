import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { changed, findingsAfter, found } from '../mutations.ts';

test.each(SHIPPED_FLOWS.map(({ name }) => name))('logs that %s turns on, or leaves on, are found', (name) => {
  expect(
    findingsAfter(name, 'log-nothing', ({ Parameters }) => {
      Parameters.FlowLoggingBehavior = 'Enabled';
    }),
  ).toEqual(['logging: It turns on flow logs, which record what callers say and key. Disable them.']);
  const later = changed(name, ({ source }) => {
    source.StartAction = source.Actions[1]?.Identifier ?? '';
  });
  expect(found(later)).toContain(
    'logging: The flow does not turn off its logs. Start it with UpdateFlowLoggingBehavior Disabled.',
  );
});
