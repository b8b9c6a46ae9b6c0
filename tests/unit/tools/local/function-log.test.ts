import { createFunctionLog } from '#tools/local/function-log.ts';

test('while the machine starts only trouble is kept, and shown when the log opens', () => {
  const written: string[] = [];
  const log = createFunctionLog((text) => written.push(text));

  log.listener('F', '{"level":"INFO","message":"already"}\n{"level":"ERROR","message":"failed"}\n');
  expect(written).toEqual([]);
  log.startOutput();
  log.listener('F', '{"level":"INFO"}\n\nplain\n');

  expect(written).toEqual([
    '[F] {"level":"ERROR","message":"failed"}\n',
    '[F] {"level":"INFO"}\n',
    '[F] plain\n',
  ]);
});
