import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#support/root.ts';
import { list, written } from '#support/template.ts';
import { isObject, objectAt } from '#tools/json.ts';

// Lengths and patterns: CreateApplication in the API reference of the Serverless Application Repository.
const metadata = objectAt(written, 'Metadata');
const application = objectAt(metadata, 'AWS::ServerlessRepo::Application');
const jsonOf = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

describe('the application in the repository', () => {
  test('has a valid name, description, and author', () => {
    expect(application.Name).toMatch(/^[a-zA-Z0-9-]{1,140}$/);
    expect(application.Description).toMatch(/^.{1,256}$/);
    expect(application.Author).toMatch(/^(?=.{1,127}$)[a-z0-9](([a-z0-9]|-(?!-))*[a-z0-9])?$/);
  });

  test('has at most ten labels, all valid and different', () => {
    const labels = list(application.Labels);

    expect(labels.length).toBeGreaterThan(0);
    expect(labels.length).toBeLessThanOrEqual(10);
    expect(new Set(labels).size).toBe(labels.length);
    for (const label of labels) expect(label).toMatch(/^[a-zA-Z0-9+\-_:/@]{1,127}$/);
  });

  test('has an open-source license, as a public application needs, and LICENSE is that license', () => {
    expect(application.SpdxLicenseId).toBe('Apache-2.0');
    expect(jsonOf('package.json').license).toBe(application.SpdxLicenseId);
    expect(readFileSync(join(root, String(application.LicenseUrl)), 'utf8')).toContain('Apache License');
  });

  test('has its own readme, smaller than 5 MB, without relative links', () => {
    const readme = readFileSync(join(root, String(application.ReadmeUrl)), 'utf8');

    expect(statSync(join(root, String(application.ReadmeUrl))).size).toBeLessThan(5 * 1024 * 1024);
    expect([...readme.matchAll(/\]\((?!https:\/\/)/g)]).toEqual([]);
  });

  test('has the version of the packages and of the changelog', () => {
    expect(application.SemanticVersion).toMatch(
      /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/,
    );
    expect(jsonOf('package.json').version).toBe(application.SemanticVersion);
    expect(jsonOf('layers/core/package.json').version).toBe(application.SemanticVersion);
    expect(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).toContain(
      `\n## [${application.SemanticVersion}]`,
    );
  });

  test('has only web addresses as links', () => {
    for (const name of ['HomePageUrl', 'SourceCodeUrl']) {
      if (name in application) expect(application[name]).toMatch(/^https:\/\/\S+$/);
    }
  });

  test('has only known fields, and no intrinsic functions', () => {
    const known = ['Name', 'Description', 'Author', 'SpdxLicenseId', 'LicenseUrl', 'ReadmeUrl', 'Labels'];
    known.push('HomePageUrl', 'SemanticVersion', 'SourceCodeUrl');

    expect(Object.keys(application).filter((name) => !known.includes(name))).toEqual([]);
    for (const value of Object.values(application).flatMap(list)) expect(typeof value).toBe('string');
  });
});

describe('the parameters in the consoles', () => {
  const parameters = Object.keys(objectAt(written, 'Parameters'));
  const shown = objectAt(metadata, 'AWS::CloudFormation::Interface');
  const grouped = list(shown.ParameterGroups).flatMap((group) =>
    isObject(group) ? list(group.Parameters) : [],
  );
  const labels = objectAt(shown, 'ParameterLabels');
  const where = 'in template.yaml, Metadata, AWS::CloudFormation::Interface';

  test('each parameter is in one group, and Parameters has the order of the groups', () => {
    const missing = parameters.filter((name) => !grouped.includes(name));

    expect(missing.map((name) => `Add ${name} to one of ParameterGroups ${where}.`)).toEqual([]);
    expect(grouped).toEqual(parameters);
  });

  test('each parameter has a label', () => {
    const missing = parameters.filter((name) => !(name in labels));

    expect(missing.map((name) => `Add ${name}: { default: … } to ParameterLabels ${where}.`)).toEqual([]);
    expect(Object.keys(labels)).toEqual(parameters);
    for (const label of Object.values(labels)) {
      expect(label).toEqual({ default: expect.stringMatching(/^[A-Z].{2,59}$/) });
    }
  });

  test('each group has a name', () => {
    for (const group of list(shown.ParameterGroups)) {
      expect(group).toMatchObject({ Label: { default: expect.stringMatching(/^[A-Z]/) } });
    }
  });
});
