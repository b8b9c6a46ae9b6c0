import { type AddressInfo, createServer } from 'node:net';
import { parseOptions } from '#tools/local/options.ts';
import { checkPorts } from '#tools/local/ports.ts';

const anyPorts = ['--port', '0', '--lambda-port', '0', '--connect-port', '0', '--dynamodb-port', '0'];

test('the error names a port in use, and a port that is set twice, with its flag', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await expect(
      checkPorts(parseOptions([...anyPorts, '--lambda-port', String(port)]), true),
    ).rejects.toThrow(
      `Port ${port} for the Lambda API is in use. Choose another port with --lambda-port (0 = any free port).`,
    );
    await expect(
      checkPorts(parseOptions([...anyPorts, '--dynamodb-port', String(port)]), false),
    ).resolves.toBe(undefined);
  } finally {
    server.close();
  }
  await expect(
    checkPorts(parseOptions([...anyPorts, '--port', '1', '--connect-port', '1']), true),
  ).rejects.toThrow(/set twice.*--port.*set twice.*--connect-port/s);
});
