// Builds what is deployed: dist/functions/<name>/ and the layer dist/layers/core/.
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const core = JSON.parse(await readFile('layers/core/package.json', 'utf8'));
const layer = 'dist/layers/core/nodejs/node_modules/@switchboard/core';

// An ESM import of node:http loads undici as well (18 ms of a cold start); a require does not.
const httpByRequire = {
  name: 'http-by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path }) => ({
      path: path.replace('node:', ''),
      namespace: 'by-require',
    }));
    onLoad({ filter: /.*/, namespace: 'by-require' }, ({ path }) => ({
      contents: `import { createRequire } from 'node:module'; module.exports = createRequire(import.meta.url)('node:${path}');`,
    }));
  },
};

/** Shared with bench/, whose floor is built the same way. */
export const settings = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  legalComments: 'none',
  keepNames: true,
  plugins: [httpByRequire],
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  logLevel: 'warning',
};

async function buildLayer() {
  const entries = Object.entries(core.exports).map(([name, file]) => ({
    in: `layers/core/${file}`,
    out: name.slice(2),
  }));
  await build({
    ...settings,
    entryPoints: entries,
    outdir: layer,
    splitting: true,
    chunkNames: 'chunks/[hash]',
  });
  const exports = Object.fromEntries(Object.keys(core.exports).map((name) => [name, `${name}.mjs`]));
  await writeFile(
    `${layer}/package.json`,
    JSON.stringify({ name: core.name, version: core.version, type: 'module', exports }),
  );
}

async function buildFunctions() {
  const names = (await readdir('functions', { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const entries = names.map(({ name }) => ({ in: `functions/${name}/index.ts`, out: `${name}/index` }));
  const external = ['@switchboard/core/*'];
  const { plugins, banner, ...bare } = settings;
  await build({ ...bare, entryPoints: entries, outdir: 'dist/functions', external });
}

/** Functions find the layer as they do in Lambda, by walking up to a node_modules. */
async function linkLayer() {
  await mkdir('dist/node_modules/@switchboard', { recursive: true });
  await symlink(
    `../../layers/core/nodejs/node_modules/@switchboard/core`,
    'dist/node_modules/@switchboard/core',
    'junction',
  );
}

if (import.meta.main) {
  await rm('dist', { recursive: true, force: true });
  await Promise.all([buildLayer(), buildFunctions()]);
  await linkLayer();
}
