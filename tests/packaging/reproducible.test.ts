import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '#support/packaging/files.ts';
import { runTool } from '#support/packaging/tools.ts';

const root = process.cwd();
const AGAIN = 'dist.again';

afterEach(() => {
  rmSync(join(root, AGAIN), { recursive: true, force: true });
});

test('a build of the same sources gives the same bytes', () => {
  runTool('node', ['tools/build/build.ts', AGAIN]);

  expect(filesBelow(join(root, AGAIN))).toEqual(filesBelow(join(root, 'dist')));
});
