import { ConfigurationError } from '#core/platform/errors.ts';
import { CommandError, describeFailure } from '#tools/cli/errors.ts';

const systemError = (code: string) => Object.assign(new Error('x'), { code, syscall: 'open', path: 'a.csv' });

test.each([
  [new ConfigurationError('TABLE', 'There is no table.'), 'There is no table.'],
  [new CommandError('Try again.'), 'Try again.'],
  [systemError('ENOENT'), 'Cannot open a.csv: the file or its folder does not exist.'],
  [systemError('EACCES'), 'Cannot use a.csv (EACCES).'],
  [Object.assign(new Error('x'), { name: 'ResourceNotFoundException' }), 'Check the names of the tables'],
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'Cannot connect to the endpoint.'],
])('%p has the message: %s', (error, message) => {
  expect(describeFailure(error)).toContain(message);
});

test('the message of a foreign error is not shown', () => {
  expect(describeFailure(new Error('jane@example.com'))).not.toContain('jane');
});
