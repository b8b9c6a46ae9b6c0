import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const environment = {
  ...process.env,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_DEFAULT_REGION: 'eu-central-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
};

/** Runs the AWS CLI and reads what it prints as JSON. Throws, with what it printed, when it fails. */
export async function aws(...args: string[]) {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { env: environment });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

/** `aws lambda invoke`: the function's answer and what the command itself says. */
export async function invoke(endpoint: string, name: string, event: unknown, ...flags: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-'));
  const [input, output] = [join(folder, 'event.json'), join(folder, 'answer.json')];
  try {
    writeFileSync(input, typeof event === 'string' ? event : JSON.stringify(event));
    const names = ['--function-name', name, '--payload', `fileb://${input}`];
    const status = await aws('lambda', 'invoke', '--endpoint-url', endpoint, ...names, ...flags, output);
    const answer = readFileSync(output, 'utf8');
    return { status, answer: answer === '' ? undefined : JSON.parse(answer) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
