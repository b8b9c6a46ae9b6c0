import { once } from 'node:events';
import { connect } from 'node:net';
import { listen, readBody } from '#tools/local/http.ts';

function spyOnErrors() {
  return jest.spyOn(process.stderr, 'write').mockReturnValue(true);
}

afterEach(() => jest.restoreAllMocks());

test('a client that breaks off an upload leaves no stack on the console', async () => {
  const errors = spyOnErrors();
  let failed: (error: unknown) => void = () => {};
  const end = new Promise<unknown>((resolve) => {
    failed = resolve;
  });
  const listener = await listen(0, async (request) => {
    socket.destroy();
    await readBody(request, 1_000).catch((error) => {
      failed(error);
      throw error;
    });
  });
  const socket = connect(listener.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');

  await expect(end).resolves.toMatchObject({ code: 'ECONNRESET' });
  await listener.stop();
  expect(errors).not.toHaveBeenCalled();
});

test('a bug of ours is shown', async () => {
  const errors = spyOnErrors();
  const listener = await listen(0, async () => {
    throw new Error('a bug');
  });

  await expect(fetch(listener.url)).rejects.toThrow('fetch failed');

  await listener.stop();
  expect(errors).toHaveBeenCalledWith(expect.stringContaining('a bug'));
});
