import { Command } from 'commander';
import { addScanOptions, scanSettings } from '#tools/cli/contacts/scan-options.ts';

function settingsOf(endpoint: string, ...argv: string[]) {
  const command = new Command();
  addScanOptions(command);
  const deployment = { endpoint, tableIds: [], contacts: 'T', keyring: {} } as unknown as Parameters<
    typeof scanSettings
  >[2];
  const progress = { update: () => {}, stop: () => {} };
  const options = command.parse(argv, { from: 'user' }).opts<Parameters<typeof scanSettings>[1]>();
  return scanSettings('reindex', options, deployment, new AbortController().signal, progress, () => '');
}

test('a scan on AWS reads 16 segments, and one on this machine reads 1', () => {
  expect(settingsOf('AWS in eu-west-1')).toMatchObject({ segments: 16, parallel: 4, fresh: false });
  expect(settingsOf('http://127.0.0.1:8000')).toMatchObject({ segments: 1 });
});

test('the options of a scan are read', () => {
  const argv = ['--segments', '8', '--concurrency', '2', '--max-writes-per-second', '50', '--fresh'];

  expect(settingsOf('http://127.0.0.1:8000', ...argv)).toMatchObject({
    ...{ segments: 8, parallel: 2, maxWritesPerSecond: 50, fresh: true },
  });
});
