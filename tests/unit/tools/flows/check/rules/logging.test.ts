import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { changed, findingsAfter, found } from '../mutations.ts';

test.each(SHIPPED_FLOWS.map(({ name }) => name))('logs that %s turns on, or leaves on, are found', (name) => {
  expect(
    findingsAfter(name, 'log-nothing', ({ Parameters }) => {
      Parameters.FlowLoggingBehavior = 'Enabled';
    }),
  ).toEqual(['logging: It turns on logs, which hold what callers say and key.']);
  const later = changed(name, ({ source }) => {
    source.StartAction = source.Actions[1]?.Identifier ?? '';
  });
  expect(found(later)).toContain('logging: Its first action does not turn the logs off.');
});
