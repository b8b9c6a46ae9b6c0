const domains = 'contacts|directory|audiences|messages|search|flows|setup';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
    {
      name: 'a-function-imports-only-the-layer',
      comment: 'A function is the adapter of a trigger; everything else lives in @switchboard/core.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { pathNot: ['^layers/core/src/', '^(node_modules/@types/)?aws-lambda'] },
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
      name: 'no-call-waits-for-tables-of-letters',
      comment:
        'Half a megabyte of any-ascii is for the sync, which spells names; nothing that a flow invokes may load it.',
      severity: 'error',
      from: { path: '^functions/(caller-lookup|extension-transfer|name-directory|flow-sms)/' },
      to: { path: 'any-ascii', reachable: true },
    },
    {
      name: 'no-call-waits-for-the-router',
      comment: 'The router of the REST API is 25 kB that no flow needs.',
      severity: 'error',
      from: { path: '^functions/(caller-lookup|extension-transfer|name-directory|flow-sms)/' },
      to: { path: 'lambda-powertools/event-handler', reachable: true },
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
    // It cannot read TypeScript 7's own parser yet.
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default'],
      extensions: ['.ts', '.mjs', '.js'],
    },
  },
};
