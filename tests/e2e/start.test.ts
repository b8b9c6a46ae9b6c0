import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type CopiedRoot, type CopiedRootOptions, copyRoot } from '#support/copied-root.ts';
import { engineFolder } from '#support/engine.ts';
import { newFolder } from '#support/folder.ts';
import {
  ANY_PORTS,
  eventually,
  FEW_EXTENSIONS,
  runToEnd,
  startStack,
  type Urls,
  untilReady,
} from '#support/local-stack.ts';

const EMPTY = [...ANY_PORTS, ...FEW_EXTENSIONS, '--no-demo'];

describe('npm start', () => {
  test('explains its flags, and names the one that it does not know', async () => {
    const [help, unknown] = await Promise.all([runToEnd(['--help']), runToEnd(['--prot', '1'])]);

    expect(help).toMatchObject({ code: 0, output: expect.stringContaining('--data-dir DIR') });
    expect(unknown.code).toBe(1);
    expect(unknown.output).toContain(`Unknown option '--prot'`);
  });

  test('names every port that is in use and the flag that chooses another', async () => {
    const wanted = [
      ['--port', 'the REST API'],
      ['--lambda-port', 'the Lambda API'],
      ['--connect-port', 'the emulator for Connect'],
      ['--dynamodb-port', 'the embedded DynamoDB'],
    ] as const;
    const taken = await Promise.all(wanted.map(takePort));
    try {
      const { code, output } = await runToEnd(
        wanted.flatMap(([flag], at) => [flag, String(taken[at]?.port)]),
      );

      expect(code).toBe(1);
      wanted.forEach(([flag, what], at) => {
        expect(output).toContain(
          `Port ${taken[at]?.port} for ${what} is in use. Choose another port with ${flag} (0 = any free port).`,
        );
      });
      expect(output).not.toContain('ready');
    } finally {
      for (const { server } of taken) server.close();
    }
  });

  test('names a parameter that the template does not have, or that has a wrong value', async () => {
    const { code, output } = await runToEnd([
      ...EMPTY,
      '--parameter',
      'Nothing=1',
      '--parameter',
      'DefaultCountry=usa',
    ]);

    expect(code).toBe(1);
    expect(output).toMatch(
      /there is no parameter Nothing .*the parameter DefaultCountry must be two capital letters/,
    );
  });
});

describe('a copy that is not complete', () => {
  const runIn = async (options: CopiedRootOptions) => {
    const root: CopiedRoot = copyRoot(options);
    try {
      return await runToEnd(EMPTY, { root: root.path });
    } finally {
      root.remove();
    }
  };

  test("without the engine's binary: told to set DYNAMODB_ENDPOINT", async () => {
    const { code, output } = await runIn({ engine: false });

    expect(code).toBe(1);
    expect(output).toMatch(/no embedded DynamoDB engine for this platform .*DYNAMODB_ENDPOINT=http/);
  });

  test('not built: told to build', async () => {
    const { code, output } = await runIn({ built: false });

    expect(code).toBe(1);
    expect(output).toMatch(/Not built: .*CallerLookupFunction.*npm run build/);
  });

  test('with settings missing: all of them named at once, for every function', async () => {
    const without = (text: string) =>
      text.replace(/^ +(LOOKUP_TABLE|ORGANIZATION|QUARANTINE_DAYS):.*\n/gm, '');
    const { code, output } = await runIn({ template: without });

    expect(code).toBe(1);
    expect(output).toMatch(
      /CallerLookupFunction: ConfigurationError: .*LOOKUP_TABLE is missing.*ORGANIZATION is missing/,
    );
    expect(output).toMatch(/AgentSyncFunction: ConfigurationError: .*QUARANTINE_DAYS is missing/);
  });
});

describe('the end', () => {
  const allSilent = async (urls: Urls) => {
    const look = () => Promise.all(Object.values(urls).map(answers));
    return (await eventually(look, (there) => !there.some(Boolean))).every((there) => !there);
  };
  const startDirectly = () => {
    const child = spawn(process.execPath, ['tools/local/main.ts', ...EMPTY], {
      env: { ...process.env, TMPDIR: engineFolder() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return untilReady(child);
  };

  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops everything with exit code 0', async (signal) => {
    const { process: child, urls } = await startDirectly();
    expect(await answers(urls.dynamodb)).toBe(true);

    child.kill(signal);

    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(await allSilent(urls)).toBe(true);
  });

  test('Ctrl-C in a terminal, which reaches npm and all below it, stops everything without an error, and a data directory is left without a lock', async () => {
    const dataDir = join(newFolder(), 'made when it is missing');
    const stack = await startStack([...EMPTY, '--data-dir', dataDir]);
    const second = await runToEnd([...EMPTY, '--data-dir', dataDir]);

    await stack.stop('SIGINT');

    expect(second).toMatchObject({ code: 1, output: expect.stringContaining('is in use by process') });
    expect(existsSync(join(dataDir, 'dynamodb.sqlite'))).toBe(true);
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
    expect(await allSilent(stack.urls)).toBe(true);
    expect(stack.output()).not.toMatch(/error/i);
  });

  test('stops as well when only npm is told to', async () => {
    const stack = await startStack(EMPTY);

    stack.process.kill('SIGTERM');

    expect(await allSilent(stack.urls)).toBe(true);
  });

  test('no engine is left behind when the stack is killed', async () => {
    const { process: child, urls } = await startDirectly();

    child.kill('SIGKILL');

    expect(await allSilent(urls)).toBe(true);
  });
});

async function takePort() {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
