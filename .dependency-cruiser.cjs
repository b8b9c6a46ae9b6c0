const domains = 'contacts|directory|audiences|messages|search';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'a-function-imports-only-the-layer',
      comment: 'A function is the adapter of a trigger; everything else lives in @switchboard/core.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { pathNot: '^layers/core/src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-layer-never-imports-outwards',
      severity: 'error',
      from: { path: '^layers/core/' },
      to: { path: '^(functions|local|cli|bench|tests|scripts)/' },
    },
    {
      name: 'platform-never-imports-a-domain',
      severity: 'error',
      from: { path: '^layers/core/src/platform/' },
      to: { path: `^layers/core/src/(${domains})/` },
    },
    {
      name: 'a-domain-is-entered-by-its-index',
      comment: 'The index.ts of a domain, or of one of its parts, is its public face.',
      severity: 'error',
      from: { path: `^layers/core/src/(${domains})/` },
      to: { path: `^layers/core/src/(${domains})/`, pathNot: [`^layers/core/src/$1/`, 'index\\.ts$'] },
    },
    {
      name: 'tools-enter-the-layer-by-its-exports',
      severity: 'error',
      from: { path: '^(local|cli|bench)/' },
      to: { path: `^layers/core/src/(${domains})/`, pathNot: 'index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
