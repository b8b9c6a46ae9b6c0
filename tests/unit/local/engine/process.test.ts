import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../local/engine/ports.ts';
import { startProcess } from '../../../../local/engine/process.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchboard-engine-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = async (name: string, mode: number, content: string | Buffer) => {
  const binary = join(folder, name);
  writeFileSync(binary, content, { mode });
  return startProcess(binary, join(folder, 'file'), await freePort());
};

test.each([
  ['may not be executed', 0o644, 'exit 0'],
  ['is for another processor', 0o755, Buffer.from('7f454c4601010100', 'hex')],
  ['lacks its loader', 0o755, '#!/nowhere/loader\n'],
])('a binary that %s is told what to set instead', async (name, mode, content) => {
  await expect(start(name, mode, content)).rejects.toThrow(
    /engine cannot be executed on this machine: .*DYNAMODB_ENDPOINT=http:\/\/127\.0\.0\.1:8000/s,
  );
});

test('a binary that fails shows its own words', async () => {
  await expect(start('fails', 0o755, '#!/bin/sh\necho no space >&2; exit 3\n')).rejects.toThrow(
    /did not start on port \d+: no space$/,
  );
});
