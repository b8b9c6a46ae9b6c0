import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { newFolder } from '#support/folder.ts';
import { PortTakenError, startEngineProcess } from '#tools/local/engine/process.ts';
import { findFreePort } from '#tools/local/ports.ts';

const folder = newFolder();

const start = async (name: string, mode: number, content: string | Buffer) => {
  const binary = join(folder, name);
  writeFileSync(binary, content, { mode });
  return startEngineProcess(binary, join(folder, 'file'), await findFreePort());
};

test.each([
  ['may not be executed', 0o644, 'exit 0'],
  ['is for another processor', 0o755, Buffer.from('7f454c4601010100', 'hex')],
  ['lacks its loader', 0o755, '#!/nowhere/loader\n'],
])('a binary that %s is told what to set instead', async (name, mode, content) => {
  await expect(start(name, mode, content)).rejects.toThrow(
    /engine cannot be executed on this system: .*DYNAMODB_ENDPOINT=http:\/\/127\.0\.0\.1:8000/s,
  );
});

test('a port that was taken in the meantime is told from another fault', async () => {
  const says = (words: string) => start('words', 0o755, `#!/bin/sh\necho ${words} >&2; exit 1\n`);

  await expect(says('error: port 1 is already in use')).rejects.toThrow(PortTakenError);
  await expect(says('error: no space')).rejects.not.toThrow(PortTakenError);
});

test('a server that is not the engine is not taken for it', async () => {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const late = join(folder, 'late');
    writeFileSync(late, '#!/bin/sh\nsleep 0.1; echo too late >&2; exit 1\n', { mode: 0o755 });

    await expect(startEngineProcess(late, join(folder, 'file'), port)).rejects.toThrow(/too late/);
  } finally {
    server.close();
  }
});

test('a binary that fails shows its own words', async () => {
  await expect(start('fails', 0o755, '#!/bin/sh\necho no space >&2; exit 3\n')).rejects.toThrow(
    /did not start on port \d+: no space$/,
  );
});
