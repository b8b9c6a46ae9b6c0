import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '#support/root.ts';

const tool = join(root, 'tools/cli/shared/stop.ts');

test('the first interrupt tells the command, the second one ends it', async () => {
  const wait = `
    const { stopOnInterrupt } = await import(${JSON.stringify(tool)});
    const signal = stopOnInterrupt();
    signal.addEventListener('abort', () => console.log('told'));
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', wait]);
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_, signal) => resolve(signal));
  });
  child.stdout.on('data', () => child.kill('SIGINT'));

  expect(await ended).toBe('SIGINT');
});
