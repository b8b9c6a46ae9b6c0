// Builds what is deployed: dist/functions/<name>/ and the layer dist/layers/core/. Another folder may be named:
// node scripts/build.ts dist.again
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const core = JSON.parse(await readFile('layers/core/package.json', 'utf8'));
const exported: [string, string][] = Object.entries(core.exports);
const target = (import.meta.main && process.argv[2]) || 'dist';
/** Built beside and put in place at the end, so that what runs from `dist` never finds it half made. */
const out = `dist.${process.pid}`;
const layer = `${out}/layers/core/nodejs/node_modules/@switchboard/core`;

// An ESM import of node:http loads undici as well (18 ms of a cold start); the require of the banner does not.
// Node's createRequire would cost a third of a millisecond in every chunk.
const httpByRequire: Plugin = {
  name: 'http-by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path, namespace }) =>
      namespace === 'by-require' ? { path, external: true } : { path, namespace: 'by-require' },
    );
    onLoad({ filter: /.*/, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

// JSON.parse reads a table of this size several times faster than the parser of programs does.
const phoneMetadataAsJson: Plugin = {
  name: 'phone-metadata-as-json',
  setup({ onLoad }) {
    onLoad({ filter: /libphonenumber-js\/metadata\.(min|max)\.json\.js$/ }, async ({ path }) => {
      const json = JSON.parse(await readFile(path.slice(0, -'.js'.length), 'utf8'));
      return { contents: `export default JSON.parse(${JSON.stringify(JSON.stringify(json))});` };
    });
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
  plugins: [httpByRequire],
  banner: { js: 'const require=process.getBuiltinModule;' },
};

async function buildLayer(): Promise<void> {
  const entries = exported.map(([name, file]) => ({ in: `layers/core/${file}`, out: name.slice(2) }));
  await build({
    ...bundling,
    entryPoints: entries,
    outdir: layer,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    plugins: [httpByRequire, phoneMetadataAsJson],
    alias: { '@aws-sdk/credential-provider-node': './scripts/environment-credentials.ts' },
  });
  const exports = Object.fromEntries(exported.map(([name]) => [name, `${name}.mjs`]));
  await writeFile(
    `${layer}/package.json`,
    JSON.stringify({ name: core.name, version: core.version, type: 'module', exports }),
  );
}

async function buildFunctions(): Promise<void> {
  const folders = (await readdir('functions', { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  await build({
    ...common,
    entryPoints: folders.map(({ name }) => ({ in: `functions/${name}/index.ts`, out: `${name}/index` })),
    outdir: `${out}/functions`,
    external: ['@switchboard/core/*'],
  });
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
    await Promise.all([buildLayer(), buildFunctions()]);
    await linkLayer();
    await putInPlace();
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
