import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const REGION = 'eu-central-1';
const MANY_BYTES = 256 * 1024 * 1024;

/**
 * The folder of the Python tools: .venv/bin, or the first of the PATH that has them all.
 *
 * @throws when there is none: these tests are never passed over
 */
export function toolsFolder(): string {
  const wanted = ['sam', 'python', 'moto_server', 'cfn-lint'];
  const folders = [join(process.cwd(), '.venv/bin'), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.find((folder) => wanted.every((tool) => existsSync(join(folder, tool))));
  if (!found) {
    throw new Error(
      `These tests need ${wanted.join(', ')} in one folder: .venv/bin, or one of the PATH. Make a virtual environment ` +
        'and install .ci/requirements.txt into it.',
    );
  }
  return found;
}

/** The environment of the tools: no telemetry, no look-ups, credentials that are plainly not real. */
export function toolsEnvironment(changes: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: [toolsFolder(), process.env.PATH].join(delimiter),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: REGION,
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    SAM_CLI_TELEMETRY: '0',
    ...changes,
  };
}

export interface ToolOptions {
  environment?: Record<string, string>;
  input?: string;
}

/**
 * Runs a tool to its end.
 *
 * @returns what it wrote to its standard output
 * @throws with all that it wrote when it fails
 */
export function runTool(command: string, args: string[], options: ToolOptions = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: toolsEnvironment(options.environment),
    input: options.input ?? '',
    encoding: 'utf8',
    maxBuffer: MANY_BYTES,
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** The same, while this process goes on: it may be the server that the tool asks. */
export async function runToolBeside(
  command: string,
  args: string[],
  options: ToolOptions = {},
): Promise<string> {
  const environment = toolsEnvironment(options.environment);
  const { stdout } = await promisify(execFile)(command, args, { env: environment, maxBuffer: MANY_BYTES });
  return stdout;
}
