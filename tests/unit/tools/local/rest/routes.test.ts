import { apiRoutes, matchRoute, type Route } from '#tools/local/rest/routes.ts';
import { readTemplate } from '#tools/local/template/index.ts';

const route = (resource: string, method = 'GET'): Route => ({
  resource,
  method,
  functionName: 'F',
  apiKeyRequired: true,
});
const routes = ['/a/{id}', '/a/fixed', '/a/{rest+}', '/b', '/{any}/deep'].map((resource) => route(resource));

test.each([
  ['/a/fixed', '/a/fixed', {}],
  ['/a/x%20y', '/a/{id}', { id: 'x y' }],
  ['/a/x/y', '/a/{rest+}', { rest: 'x/y' }],
  ['/b', '/b', {}],
  ['/z/deep', '/{any}/deep', { any: 'z' }],
])('%s is %s', (path, resource, parameters) => {
  expect(matchRoute(routes, 'GET', path)).toEqual({ route: route(resource), parameters });
});

test.each([['/c'], ['/a/'], ['/b/'], ['/']])('%s is no path', (path) => {
  expect(matchRoute(routes, 'GET', path)).toBeUndefined();
});

test('a method that the path does not have does not match', () => {
  expect(matchRoute(routes, 'PUT', '/b')).toBeUndefined();
});

test('the routes of our template all need the API key', () => {
  const own = apiRoutes(readTemplate(process.cwd()));

  expect(own).toContainEqual({
    method: 'PUT',
    resource: '/contacts/{contactId}',
    functionName: 'ContactsApiFunction',
    apiKeyRequired: true,
  });
  expect(own.every(({ apiKeyRequired }) => apiKeyRequired)).toBe(true);
});
