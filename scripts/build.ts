// Builds what is deployed: dist/functions/<name>/ and the layer dist/layers/core/.
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const core = JSON.parse(await readFile('layers/core/package.json', 'utf8'));
const exported: [string, string][] = Object.entries(core.exports);
const layer = 'dist/layers/core/nodejs/node_modules/@switchboard/core';

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
    onLoad({ filter: /libphonenumber-js\/metadata\.min\.json\.js$/ }, async ({ path }) => {
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
    outdir: 'dist/functions',
    external: ['@switchboard/core/*'],
  });
}

/** Functions find the layer as they do in Lambda, by walking up to a node_modules. */
async function linkLayer(): Promise<void> {
  await mkdir('dist/node_modules/@switchboard', { recursive: true });
  await symlink(
    '../../layers/core/nodejs/node_modules/@switchboard/core',
    'dist/node_modules/@switchboard/core',
    'junction',
  );
}

if (import.meta.main) {
  await rm('dist', { recursive: true, force: true });
  await Promise.all([buildLayer(), buildFunctions()]);
  await linkLayer();
}
