import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '#support/openapi.ts';
import { root } from '#support/root.ts';
import { ofType, text } from '#support/template.ts';
import { isObject, objectAt, textAt } from '#tools/json.ts';

const { document } = openApi();

test('docs/openapi.yaml describes the operations of the template, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'parameters')
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  const deployed = ofType('AWS::Serverless::Function')
    .flatMap(([, properties]) => Object.values(objectAt(properties, 'Events')))
    .filter(isObject)
    .filter(({ Type }) => Type === 'Api')
    .map((event) => objectAt(event, 'Properties'))
    .map((properties) => `${textAt(properties, 'Method')} ${textAt(properties, 'Path')}`);

  expect(described.sort()).toEqual(deployed.sort());
});

test('the error codes of docs/openapi.yaml are codes of the source or of API Gateway', () => {
  const folder = join(root, 'layers/core/src');
  const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
  const codes = JSON.stringify(document.components.responses).match(/[A-Z][A-Z0-9_]{6,}/g) ?? [];

  expect(codes.length).toBeGreaterThan(30);
  expect(codes.filter((code) => !source.includes(`'${code}'`) && !text.includes(`"code":"${code}"`))).toEqual(
    [],
  );
});

test('no comma has cut a text of docs/openapi.yaml', () => {
  expect(JSON.stringify(document)).not.toContain(':null');
});
