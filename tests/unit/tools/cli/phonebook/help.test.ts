import { helpOf } from '#tools/cli/phonebook/help.ts';

test('the help of a command is about that command and the deployment', () => {
  const help = helpOf('claim');

  for (const word of ['claim NUMBER', '--description', '--instance ARN', 'Exit code'])
    expect(help).toContain(word);
  for (const word of ['import FILE', '--fresh', '--state']) expect(help).not.toContain(word);
});

test('without a command it is about all of them', () => {
  for (const word of ['search PREFIX', 'unblock NUMBER', 'import FILE', '--state STATE', '--yes']) {
    expect(helpOf().split(word)).toHaveLength(2);
  }
});
