import { PassThrough } from 'node:stream';
import { confirmOnTerminal } from '#tools/cli/phonebook/confirm.ts';

function terminal(isTTY = true) {
  return {
    input: Object.assign(new PassThrough(), { isTTY }),
    output: Object.assign(new PassThrough(), { isTTY }),
  };
}

test.each([
  ['yes', 'yes\n', true],
  ['Y', ' Y \n', true],
  ['no', 'no\n', false],
  ['nothing', '\n', false],
  ['Ctrl-C', '\u0003', false],
  ['Ctrl-D', '\u0004', false],
])('the answer %s', async (_, typed, answer) => {
  const streams = terminal();
  const confirmed = confirmOnTerminal('Claim it?', streams);
  streams.input.write(typed);

  expect(await confirmed).toBe(answer);
  expect(String(streams.output.read())).toContain('Claim it? (yes/no) ');
});

test('without a terminal, an error says to add --yes', async () => {
  await expect(confirmOnTerminal('Claim it?', terminal(false))).rejects.toThrow('To confirm, add --yes.');
});
