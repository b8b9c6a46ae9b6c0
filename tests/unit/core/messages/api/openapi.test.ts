import { openApi } from '#support/openapi.ts';

const operations = Object.entries(openApi().document.paths)
  .filter(([path]) => path.startsWith('/sms/'))
  .flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['get', 'put', 'post', 'delete'].includes(method))
      .map(([method, { responses }]) => ({ path, method, statuses: Object.keys(responses) })),
  );

test('whoever sends a body is told that it may be too large', () => {
  const silent = operations.filter(
    ({ method, statuses }) => ['put', 'post'].includes(method) && !statuses.includes('413'),
  );
  expect({ silent, operations: operations.length > 10 }).toEqual({ silent: [], operations: true });
});

test('whoever names something in the path is told that the path may be wrong', () => {
  expect(operations.filter(({ path, statuses }) => path.includes('{') && !statuses.includes('400'))).toEqual(
    [],
  );
});
