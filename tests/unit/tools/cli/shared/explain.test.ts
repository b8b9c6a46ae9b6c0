import { ConfigurationError } from '#core/platform/errors.ts';
import { explain } from '#tools/cli/shared/explain.ts';
import { UsageError } from '#tools/cli/shared/usage.ts';

const none = () => undefined;

test('a flag that makes no sense comes with the command that tells more', () => {
  expect(explain(new UsageError('No.'), 'contacts', none)).toBe(
    'No.\nnpm run contacts -- --help tells more.',
  );
});

test('our own errors are shown as they are, and those of a tool in its words', () => {
  expect(explain(new ConfigurationError('TABLE', 'There is no table.'), 'contacts', none)).toBe(
    'There is no table.',
  );
  expect(explain(new Error('odd'), 'contacts', ({ message }) => `It is ${message}.`)).toBe('It is odd.');
});

test('the message of a foreign error is not shown', () => {
  expect(explain(new Error('jane@example.com'), 'contacts', none)).not.toContain('jane');
});
