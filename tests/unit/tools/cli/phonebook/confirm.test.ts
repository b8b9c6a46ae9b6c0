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
])('who answers %s has said so', async (_, typed, answer) => {
  const streams = terminal();
  const confirmed = confirmOnTerminal('Claim it?', streams);
  streams.input.write(typed);

  expect(await confirmed).toBe(answer);
  expect(String(streams.output.read())).toContain('Claim it? (yes/no) ');
});

test('where nobody is there to answer, nothing is taken for a yes', async () => {
  await expect(confirmOnTerminal('Claim it?', terminal(false))).rejects.toThrow('--yes says so');
});
