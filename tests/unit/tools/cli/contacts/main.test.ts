import { runContacts } from '#tools/cli/contacts/main.ts';

const before = process.env;

beforeEach(() => {
  process.env = { PATH: before.PATH };
});
afterEach(() => {
  process.env = before;
});

async function run(...argv: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const output = { line: (text: string) => lines.push(text), error: (text: string) => errors.push(text) };
  const code = await runContacts(argv, new AbortController().signal, output);
  return { code, lines: lines.join('\n'), errors: errors.join('\n') };
}

describe('npm run contacts', () => {
  it('shows its commands and every setting when asked', async () => {
    const { code, lines } = await run('--help');

    expect(code).toBe(0);
    for (const word of [
      'import FILE',
      'reindex',
      'rotate-keys',
      '--lookup-table',
      'KEY_VERSIONS',
      '--dry-run',
    ]) {
      expect(lines).toContain(word);
    }
  });

  it('ends with 1 and a hint when a command is not known', async () => {
    expect(await run('explode')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('--help tells more'),
    });
  });

  it('ends with 1 and all missing settings', async () => {
    const { code, errors } = await run('reindex', '--region', 'eu-west-1');

    expect(code).toBe(1);
    expect(errors).toContain('--table (CONTACTS_TABLE)');
    expect(errors).toContain('--root-key (ROOT_KEY_ARN)');
  });
});
