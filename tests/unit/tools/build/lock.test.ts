import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#support/root.ts';

interface Entry {
  resolved?: string;
  optionalDependencies?: Record<string, string>;
}

const text = readFileSync(join(root, 'package-lock.json'), 'utf8');
const packages: Record<string, Entry> = JSON.parse(text).packages;

test('the lock file names the optional packages of every platform; if not, "npm run lock" adds them', () => {
  const wanted = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  const missing = wanted.filter(
    (name) => !Object.keys(packages).some((place) => place.endsWith(`node_modules/${name}`)),
  );

  expect(missing).toEqual([]);
});

test('the lock file names no registry, so that everybody may use their own', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith('http'))).toEqual([]);
});
