// Builds what is deployed: dist/functions/<name>/ and the layer dist/layers/core/. Another folder may be named:
// npx node tools/build/build.ts dist.again
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { phoneMetadataAsJson } from './phone-metadata.ts';

const core = JSON.parse(await readFile('layers/core/package.json', 'utf8'));
const target = (import.meta.main && process.argv[2]) || 'dist';
/** Built beside and put in place at the end, so that what runs from `dist` never finds it half made. */
const out = `dist.${process.pid}`;
const layer = `${out}/layers/core/nodejs/node_modules/@switchboard/core`;

// An ESM import of node:http loads undici as well (18 ms of a cold start); what is taken out of the module does not.
const httpWithoutUndici: Plugin = {
  name: 'http-without-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({ path, namespace: 'builtin' }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: [
        `const http = process.getBuiltinModule('${path}');`,
        'export default http;',
        'export const { Agent, request, STATUS_CODES } = http;',
      ].join(''),
    }));
  },
};

/** The files of the platform that every function loads, or that are smaller than what one more file costs. */
const shared = [
  ...['chunks', 'client-settings', 'clock', 'env', 'errors', 'language', 'normalize-text', 'observability'],
  'validate',
  ...[
    'batch',
    'client',
    'conditions',
    'paginate',
    'projection',
    'retry-consistently',
    'retry-on-conflict',
  ].map((name) => `dynamodb/${name}`),
  'dynamodb/update-expression',
  ...['contact-flow', 'create-handler', 'query-parameters'].map((name) => `handlers/${name}`),
  ...['backoff', 'concurrency', 'deadline', 'policy'].map((name) => `resilience/${name}`),
];

// esbuild makes a chunk for each group of entries that share something, and each file costs a cold start half a
// millisecond. Where every entry imports all of the above, and with it what that imports, it is one chunk. The same
// goes for what an entry imports later, which is an entry of its own to esbuild.
const sharedInOneChunk: Plugin = {
  name: 'shared-in-one-chunk',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, resolveDir, kind }) => {
      if (kind !== 'entry-point' && kind !== 'dynamic-import') return undefined;
      const ours = path.startsWith('.');
      return {
        path: ours ? `./${relative('', resolve(resolveDir, path))}` : path,
        namespace: 'with-shared',
        pluginData: ours ? resolve('') : resolveDir,
      };
    });
    onLoad({ filter: /./, namespace: 'with-shared' }, ({ path, pluginData }) => ({
      contents: [
        ...shared.map((name) => `import ${JSON.stringify(resolve(`layers/core/src/platform/${name}.ts`))};`),
        `export * from ${JSON.stringify(path)};`,
      ].join(''),
      resolveDir: pluginData,
    }));
  },
};

const common: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  legalComments: 'none',
  logLevel: 'warning',
};

/** For code that bundles packages; the floor of bench/ is built the same way. */
export const bundling: BuildOptions = {
  ...common,
  mainFields: ['module', 'main'],
  plugins: [httpWithoutUndici],
};

/** The layer has the entries that functions import; the others are for the tools, which run from the sources. */
async function buildLayer(imported: Set<string>): Promise<void> {
  const exported = (Object.entries(core.exports) as [string, string][]).filter(([name]) =>
    imported.has(core.name + name.slice(1)),
  );
  const entries = exported.map(([name, file]) => ({ in: `./layers/core/${file}`, out: name.slice(2) }));
  await build({
    ...bundling,
    entryPoints: entries,
    outdir: layer,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    plugins: [sharedInOneChunk, httpWithoutUndici, phoneMetadataAsJson],
    alias: { '@aws-sdk/credential-provider-node': './tools/build/environment-credentials.ts' },
  });
  const exports = Object.fromEntries(exported.map(([name]) => [name, `${name}.mjs`]));
  await writeFile(
    `${layer}/package.json`,
    JSON.stringify({ name: core.name, version: core.version, type: 'module', exports }),
  );
}

/** @returns what the functions import from the layer */
async function buildFunctions(): Promise<Set<string>> {
  const folders = (await readdir('functions', { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const { metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: folders.map(({ name }) => ({ in: `functions/${name}/index.ts`, out: `${name}/index` })),
    outdir: `${out}/functions`,
    external: ['@switchboard/core/*'],
  });
  return new Set(Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)));
}

/** Functions find the layer as they do in Lambda, by walking up to a node_modules. */
async function linkLayer(): Promise<void> {
  await mkdir(`${out}/node_modules/@switchboard`, { recursive: true });
  await symlink(
    '../../layers/core/nodejs/node_modules/@switchboard/core',
    `${out}/node_modules/@switchboard/core`,
    'junction',
  );
}

/** Another build may do the same at this moment; the last one wins. */
async function putInPlace(): Promise<void> {
  const old = `${out}.old`;
  for (let placed = false; !placed; ) {
    await rename(target, old).catch((error) => unless(error, 'ENOENT'));
    placed = await rename(out, target).then(
      () => true,
      (error) => unless(error, 'ENOTEMPTY', 'EEXIST', 'EPERM'),
    );
    await rm(old, { recursive: true, force: true });
  }
}

function unless(error: NodeJS.ErrnoException, ...expected: string[]): false {
  if (expected.includes(error.code ?? '')) return false;
  throw error;
}

if (import.meta.main) {
  try {
    await buildLayer(await buildFunctions());
    await linkLayer();
    await putInPlace();
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
