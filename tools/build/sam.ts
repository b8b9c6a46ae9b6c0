// Thin calls of the SAM CLI on what "npm run build" made; every further argument goes to it as it is.
//
//   npm run package -- --s3-bucket NAME    sam build, sam package: uploads the artifact, writes PACKAGED
//   npm run publish:sar                    sam publish: tells the Serverless Application Repository
//   npm run deploy -- --config-env prod    sam build, sam deploy
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** The packaged template, in a folder that git ignores. */
export const PACKAGED = '.aws-sam/package/template.yaml';
/** Names the bucket of the artifacts, where no argument does. */
const BUCKET_VARIABLE = 'SWITCHBOARD_ARTIFACT_BUCKET';
const MISSING =
  'The AWS SAM CLI is not installed. Install it (pip install -r .ci/requirements.txt, into .venv or anywhere on the ' +
  'PATH) and try again.';

type Environment = Record<string, string | undefined>;

/** The commands of the SAM CLI for one of ours, or what is wrong with how it was called. */
export function commandsFor(
  name: string | undefined,
  args: string[],
  environment: Environment,
): string[][] | { fault: string } {
  switch (name) {
    case 'package': {
      const bucket = environment[BUCKET_VARIABLE];
      const named = args.some((arg) => /^--(s3-bucket|resolve-s3)(=|$)/.test(arg));
      if (!named && !bucket) {
        return { fault: `Name a bucket: npm run package -- --s3-bucket NAME, or set ${BUCKET_VARIABLE}.` };
      }
      const where = named ? [] : ['--s3-bucket', bucket ?? ''];
      return [['build'], ['package', '--output-template-file', PACKAGED, ...where, ...args]];
    }
    case 'publish':
      if (!existsSync(PACKAGED)) {
        return { fault: `There is no ${PACKAGED}: run "npm run package -- --s3-bucket NAME" first.` };
      }
      return [['publish', '--template', PACKAGED, '--fail-on-same-version', ...args]];
    case 'deploy':
      return [['build'], ['deploy', ...args]];
    default:
      return { fault: 'Say what to do: package, publish or deploy.' };
  }
}

function run(): number {
  const commands = commandsFor(process.argv[2], process.argv.slice(3), process.env);
  if ('fault' in commands) return failed(commands.fault);
  if (process.argv[2] === 'package') mkdirSync(dirname(PACKAGED), { recursive: true });
  const PATH = [join(process.cwd(), '.venv/bin'), process.env.PATH].join(delimiter);
  for (const command of commands) {
    const { status, error } = spawnSync('sam', command, { stdio: 'inherit', env: { ...process.env, PATH } });
    if (error) return failed('code' in error && error.code === 'ENOENT' ? MISSING : error.message);
    if (status !== 0) return status ?? 1;
  }
  return 0;
}

function failed(fault: string): number {
  console.error(fault);
  return 1;
}

if (import.meta.main) process.exitCode = run();
