import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runToolBeside } from '#support/packaging/tools.ts';
import { PACKAGED } from '#tools/build/sam.ts';
import { objectAt } from '#tools/json.ts';
import { type Listener, listen, readBody, sendJson } from '#tools/local/http.ts';
import { parseTemplate } from '#tools/local/template/parse.ts';

const source = readFileSync(join(process.cwd(), 'template.yaml'), 'utf8');
const ID = 'arn:aws:serverlessrepo:eu-central-1:111122223333:applications/connect-switchboard';

interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown>;
}

/** Answers as the Serverless Application Repository does to one who publishes; `known` versions exist already. */
async function startRepository(known: string[]): Promise<Listener & { asked: Asked[] }> {
  const asked: Asked[] = [];
  const listener = await listen(0, async (request, response) => {
    const { method = '', url: path = '' } = request;
    const text = (await readBody(request, 8 * 1024 * 1024)).toString();
    asked.push({ method, path: decodeURIComponent(path), body: text === '' ? {} : JSON.parse(text) });
    if (path === '/applications' && known.length > 0) {
      const message = `Application with id ${ID} already exists`;
      sendJson(
        response,
        409,
        { message, errorCode: 'Conflict' },
        { 'x-amzn-errortype': 'ConflictException' },
      );
    } else if (method === 'GET') {
      sendJson(response, 200, {
        applicationId: ID,
        versions: known.map((semanticVersion) => ({ semanticVersion })),
      });
    } else {
      sendJson(response, 200, { applicationId: ID });
    }
  });
  return { ...listener, asked };
}

let repository: Awaited<ReturnType<typeof startRepository>>;
const publish = () =>
  runToolBeside('npm', ['run', 'publish:sar', '--ignore-scripts'], {
    environment: { AWS_ENDPOINT_URL_SERVERLESSAPPLICATIONREPOSITORY: repository.url },
  });

beforeEach(() => {
  const inS3 = source
    .replace('LicenseUrl: LICENSE', 'LicenseUrl: s3://artifacts/license')
    .replace('ReadmeUrl: docs/sar-readme.md', 'ReadmeUrl: s3://artifacts/readme')
    .replace(/((?:Code|Content)Uri): (dist\S+)/g, '$1: s3://artifacts/$2');
  mkdirSync(dirname(PACKAGED), { recursive: true });
  writeFileSync(PACKAGED, inS3);
});

afterEach(async () => {
  await repository.stop();
  rmSync(PACKAGED);
});

test('npm run publish:sar tells the repository what the metadata says, and gives it the template without it', async () => {
  repository = await startRepository([]);

  const output = await publish();

  const [{ method, path, body } = { method: '', path: '', body: {} }] = repository.asked;
  const { templateBody, ...told } = body;
  const application = objectAt(
    objectAt(parseTemplate(source), 'Metadata'),
    'AWS::ServerlessRepo::Application',
  );
  expect([method, path]).toEqual(['POST', '/applications']);
  expect(told).toMatchObject({
    name: application.Name,
    description: application.Description,
    author: application.Author,
    labels: application.Labels,
    semanticVersion: application.SemanticVersion,
    spdxLicenseId: 'Apache-2.0',
    licenseUrl: 's3://artifacts/license',
    readmeUrl: 's3://artifacts/readme',
  });
  const published = parseTemplate(String(templateBody));
  expect(objectAt(published, 'Metadata')).not.toHaveProperty(['AWS::ServerlessRepo::Application']);
  expect(objectAt(published, 'Metadata')).toHaveProperty(['AWS::CloudFormation::Interface']);
  expect(output).toContain('Publish Succeeded');
});

test('a version that is published already is not published again', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  repository = await startRepository([version]);

  await expect(publish()).rejects.toThrow(/already exists/);
  expect(repository.asked.filter(({ method }) => method === 'PUT' || method === 'PATCH')).toEqual([]);
});
