import { openApi } from '#support/openapi.ts';

const operations = Object.entries(openApi().document.paths)
  .filter(([path]) => path.startsWith('/sms/'))
  .flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['get', 'put', 'post', 'delete'].includes(method))
      .map(([method, { responses }]) => ({ path, method, statuses: Object.keys(responses) })),
  );

test('every operation with a body documents 413', () => {
  const silent = operations.filter(
    ({ method, statuses }) => ['put', 'post'].includes(method) && !statuses.includes('413'),
  );
  expect({ silent, operations: operations.length > 10 }).toEqual({ silent: [], operations: true });
});

test('every operation with a path parameter documents the error of a wrong path', () => {
  expect(operations.filter(({ path, statuses }) => path.includes('{') && !statuses.includes('400'))).toEqual(
    [],
  );
});
