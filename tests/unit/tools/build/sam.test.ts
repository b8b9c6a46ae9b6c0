import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '#support/root.ts';
import { commandsFor, PACKAGED } from '#tools/build/sam.ts';

describe('npm run package', () => {
  test('builds, and packages into the bucket that an argument names', () => {
    expect(commandsFor('package', ['--s3-bucket', 'artifacts'], {})).toEqual([
      ['build'],
      ['package', '--output-template-file', PACKAGED, '--s3-bucket', 'artifacts'],
    ]);
  });

  test('takes the bucket from the environment where no argument names one', () => {
    const environment = { SWITCHBOARD_ARTIFACT_BUCKET: 'artifacts' };

    expect(commandsFor('package', ['--region', 'eu-central-1'], environment)).toContainEqual([
      'package',
      '--output-template-file',
      PACKAGED,
      '--s3-bucket',
      'artifacts',
      '--region',
      'eu-central-1',
    ]);
    expect(commandsFor('package', ['--s3-bucket=mine'], environment)).toContainEqual([
      'package',
      '--output-template-file',
      PACKAGED,
      '--s3-bucket=mine',
    ]);
  });

  test('says how to name a bucket when there is none', () => {
    expect(commandsFor('package', [], {})).toEqual({ fault: expect.stringContaining('--s3-bucket NAME') });
  });
});

test('npm run deploy passes on the stage of samconfig.toml', () => {
  expect(commandsFor('deploy', ['--config-env', 'prod'], {})).toEqual([
    ['build'],
    ['deploy', '--config-env', 'prod'],
  ]);
});

test('the packaged template is in a folder that git ignores', () => {
  expect(readFileSync(join(root, '.gitignore'), 'utf8').split('\n')).toContain('.aws-sam/');
  expect(PACKAGED).toMatch(/^\.aws-sam\//);
});

test('without the SAM CLI it says what to install', () => {
  // A folder without .venv, and a PATH with nothing on it.
  const { stderr, status } = spawnSync(process.execPath, [join(root, 'tools/build/sam.ts'), 'deploy'], {
    cwd: tmpdir(),
    env: { PATH: '/nonexistent' },
    encoding: 'utf8',
  });

  expect(stderr).toMatch(/The AWS SAM CLI is not installed\. Install it/);
  expect(status).toBe(1);
});
