import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesBelow, filesBelow } from '#support/packaging/files.ts';
import { type Moto, startMoto } from '#support/packaging/moto.ts';
import { runTool, runToolBeside } from '#support/packaging/tools.ts';
import { PUBLISHABLE_TYPES } from '#support/publishable-types.ts';
import { PACKAGED } from '#tools/build/sam.ts';
import { isObject, type JsonObject, objectAt, textAt } from '#tools/json.ts';
import { parseTemplate } from '#tools/local/template/parse.ts';

// What `npm run package` makes: by the real SAM CLI, into a bucket of an emulator.
const root = process.cwd();
const BUCKET = 'artifacts';
const built = join(root, '.aws-sam/build');
const layer = join(root, 'dist/layers/core');

const source = parseTemplate(readFileSync(join(root, 'template.yaml'), 'utf8'));
const functions = Object.entries(objectAt(source, 'Resources')).flatMap(([id, resource]) =>
  isObject(resource) && resource.Type === 'AWS::Serverless::Function'
    ? [{ id, folder: join(root, textAt(objectAt(resource, 'Properties'), 'CodeUri') ?? '') }]
    : [],
);

let moto: Moto;
let packaged: JsonObject;
let scratch: string;

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'switchboard-packaging-'));
  moto = await startMoto();
  await moto.createBucket(BUCKET);
  // Not built again: what was tested is what is packaged.
  await runToolBeside('npm', ['run', 'package', '--ignore-scripts', '--', '--s3-bucket', BUCKET], {
    environment: { AWS_ENDPOINT_URL_S3: moto.url },
  });
  packaged = parseTemplate(readFileSync(join(root, PACKAGED), 'utf8'));
}, 240_000);

afterAll(async () => {
  await moto.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const propertiesOf = (id: string) => objectAt(objectAt(objectAt(packaged, 'Resources'), id), 'Properties');

/** What a zip in the bucket holds, unpacked. */
async function unpacked(address: unknown): Promise<string> {
  expect(address).toMatch(new RegExp(`^s3://${BUCKET}/[^/]+/[0-9a-f]{32}$`));
  const folder = mkdtempSync(join(scratch, 'zip-'));
  const zip = join(scratch, `${String(address).split('/').at(-1)}.zip`);
  writeFileSync(zip, await moto.read(String(address)));
  runTool('python', ['-m', 'zipfile', '-e', zip, folder]);
  return folder;
}

test('the tests ran on an artifact for each function', () => {
  expect(functions.map(({ folder }) => folder).sort()).toEqual(
    readdirSync(join(root, 'dist/functions')).map((name) => join(root, 'dist/functions', name)),
  );
});

test('sam build makes the folders of the functions and nothing else', () => {
  expect(readdirSync(built).sort()).toEqual([...functions.map(({ id }) => id), 'template.yaml'].sort());
});

test.each(functions)('$id is built as it was tested, file by file', ({ id, folder }) => {
  expect(filesBelow(join(built, id))).toEqual(filesBelow(folder));
});

test.each(functions)('$id is uploaded as it was tested, file by file', async ({ id, folder }) => {
  expect(filesBelow(await unpacked(propertiesOf(id).CodeUri))).toEqual(filesBelow(folder));
});

test('the layer is uploaded as it was tested, file by file, without a link in it', async () => {
  const files = filesBelow(await unpacked(propertiesOf('CoreLayer').ContentUri));

  expect(files).toEqual(filesBelow(layer));
  expect(Object.keys(files).every((path) => path.startsWith('nodejs/node_modules/@switchboard/core/'))).toBe(
    true,
  );
  expect(Object.values(files).every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
});

test('a function and its layer stay below what Lambda takes: 250 MB unzipped, a quarter of it for growing', () => {
  for (const { folder } of functions) {
    expect(bytesBelow(folder) + bytesBelow(layer)).toBeLessThan((250 * 1024 * 1024) / 4);
  }
});

test('all artifacts together stay below the 100 MB that the repository takes for a version', async () => {
  const addresses = [
    ...functions.map(({ id }) => propertiesOf(id).CodeUri),
    propertiesOf('CoreLayer').ContentUri,
  ];
  const zips = await Promise.all(addresses.map((address) => moto.read(String(address))));

  expect(zips.reduce((sum, zip) => sum + zip.length, 0)).toBeLessThan(100 * 1024 * 1024);
});

test('the packaged template names nothing on this machine', () => {
  expect(readFileSync(join(root, PACKAGED), 'utf8')).not.toMatch(/dist\/|\.aws-sam|docs\/sar-readme/);
});

test('the packaged template is the template in everything else', () => {
  const uploaded = ['CodeUri', 'ContentUri', 'LicenseUrl', 'ReadmeUrl'];
  const without = (template: JsonObject) =>
    JSON.parse(JSON.stringify(template), (key, value) => (uploaded.includes(key) ? 'uploaded' : value));
  // The SAM CLI notes in each function how it was built.
  const noted = ({ Metadata: _, ...resource }: JsonObject) => resource;
  const resources = Object.entries(objectAt(packaged, 'Resources'));

  const plain = {
    ...packaged,
    Resources: Object.fromEntries(resources.map(([id, one]) => [id, isObject(one) ? noted(one) : one])),
  };
  expect(without(plain)).toEqual(without(source));
});

test('the packaged template has only types that the repository publishes', () => {
  const types = Object.values(objectAt(packaged, 'Resources')).map((one) => isObject(one) && one.Type);

  expect(types.filter((type) => !PUBLISHABLE_TYPES.has(String(type)))).toEqual([]);
});

test('the packaged template is below 1 MB, with at most 500 resources, 200 parameters and 200 outputs', () => {
  const count = (section: string) => Object.keys(objectAt(packaged, section)).length;

  expect(readFileSync(join(root, PACKAGED)).length).toBeLessThan(1_000_000);
  expect(count('Resources')).toBeLessThanOrEqual(500);
  expect(count('Parameters')).toBeLessThanOrEqual(200);
  expect(count('Outputs')).toBeLessThanOrEqual(200);
});

test('license and readme are uploaded for the repository', async () => {
  const application = objectAt(objectAt(packaged, 'Metadata'), 'AWS::ServerlessRepo::Application');

  expect(await moto.read(String(application.LicenseUrl))).toEqual(readFileSync(join(root, 'LICENSE')));
  expect(await moto.read(String(application.ReadmeUrl))).toEqual(
    readFileSync(join(root, 'docs/sar-readme.md')),
  );
});

test('the SAM CLI finds no fault in the packaged template', () => {
  expect(() => runTool('sam', ['validate', '--lint', '--template', PACKAGED])).not.toThrow();
});
