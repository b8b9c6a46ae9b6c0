import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '#support/root.ts';

const source = join(root, 'tools/cli/interrupt.ts');

test('the first interrupt aborts the signal, and the second one ends the process', async () => {
  const wait = `
    const { stopOnInterrupt } = await import(${JSON.stringify(source)});
    const signal = stopOnInterrupt();
    signal.addEventListener('abort', () => console.log('aborted'));
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', wait]);
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_, signal) => resolve(signal));
  });
  child.stdout.on('data', () => child.kill('SIGINT'));

  expect(await ended).toBe('SIGINT');
});
