const { readdirSync } = require('node:fs');
const { exports: exported } = require('./layers/core/package.json');

const BASE = ['platform', 'connect'];
const domains = readdirSync('layers/core/src')
  .filter((folder) => !BASE.includes(folder))
  .join('|');
const entries = Object.values(exported).map((file) =>
  `^layers/core/${file.slice(2)}$`.replaceAll('.', '\\.'),
);
/** Packages that build on the model of the directory. */
const onTheModel = 'agent-sync|phonebook|presence|names|transfer';
const onTheCallPath = '^functions/(caller-lookup|extension-transfer|name-directory|flow-sms)/';

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
      comment: 'A function is the adapter of a trigger. Everything else lives in @switchboard/core.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { pathNot: ['^layers/core/src/', '^(node_modules/@types/)?aws-lambda'] },
    },
    {
      name: 'the-layer-imports-nothing-from-outside',
      severity: 'error',
      from: { path: '^layers/core/' },
      to: { path: '^(functions|tools|tests)/' },
    },
    {
      name: 'platform-imports-no-domain',
      severity: 'error',
      from: { path: '^layers/core/src/platform/' },
      to: { path: '^layers/core/src/', pathNot: '^layers/core/src/platform/' },
    },
    {
      name: 'connect-imports-no-domain',
      severity: 'error',
      from: { path: '^layers/core/src/connect/' },
      to: { path: `^layers/core/src/(${domains})/` },
    },
    {
      name: 'only-connect-uses-the-connect-client',
      comment: 'One client, one quota, one translation of errors.',
      severity: 'error',
      from: { path: '^layers/core/src/', pathNot: '^layers/core/src/connect/' },
      to: { path: '@aws-sdk/client-connect' },
    },
    {
      name: 'import-a-domain-by-an-exported-path',
      comment: 'The exports of layers/core/package.json are the public interfaces of the domains.',
      severity: 'error',
      from: { path: `^layers/core/src/(${domains})/` },
      to: {
        path: `^layers/core/src/(${domains})/`,
        pathNot: ['^layers/core/src/$1/', '^layers/core/src/directory/', ...entries],
      },
    },
    {
      name: 'import-the-directory-by-an-exported-path',
      comment:
        'The packages that build on the model share its files; every other domain uses its public interface.',
      severity: 'error',
      from: {
        path: `^layers/core/src/(${domains})/`,
        pathNot: `^layers/core/src/(directory|${onTheModel})/`,
      },
      to: { path: '^layers/core/src/directory/', pathNot: entries },
    },
    {
      name: 'directory-is-a-model',
      comment:
        'agent-sync, phonebook, presence, names, and transfer build on the model, never the other way around.',
      severity: 'error',
      from: { path: '^layers/core/src/directory/' },
      to: { path: `^layers/core/src/(${onTheModel})/` },
    },
    {
      name: 'only-transfer-imports-its-siblings',
      comment: 'Of the packages on top of the directory, only transfer uses another one: presence.',
      severity: 'error',
      from: { path: '^layers/core/src/(agent-sync|phonebook|presence|names)/' },
      to: {
        path: `^layers/core/src/(${onTheModel})/`,
        pathNot: '^layers/core/src/$1/',
      },
    },
    {
      name: 'no-call-loads-transliteration',
      comment:
        'any-ascii (500 kB) is for the sync, which spells names. No function that a flow invokes may load it.',
      severity: 'error',
      from: { path: onTheCallPath },
      to: { path: 'any-ascii', reachable: true },
    },
    {
      name: 'no-call-loads-the-router',
      comment: 'The router of the REST API is 25 kB that no flow needs.',
      severity: 'error',
      from: { path: onTheCallPath },
      to: { path: 'lambda-powertools/event-handler', reachable: true },
    },
    {
      name: 'flow-tools-and-local-stack-are-separate',
      comment:
        'The flow tools work on any Connect instance. They share tools/json.ts with the local stack, nothing else.',
      severity: 'error',
      from: { path: '^tools/flows/' },
      to: { path: '^tools/local/' },
    },
    {
      name: 'the-local-stack-imports-no-flow-tool',
      severity: 'error',
      from: { path: '^tools/local/' },
      to: { path: '^tools/flows/' },
    },
    {
      name: 'check-draw-and-play-are-separate',
      comment: 'They share tools/flows/model.',
      severity: 'error',
      from: { path: '^tools/flows/(check|draw|play)/' },
      to: { path: '^tools/flows/', pathNot: ['^tools/flows/$1/', '^tools/flows/model/'] },
    },
    {
      name: 'the-model-of-flow-actions-imports-no-tool',
      severity: 'error',
      from: { path: '^tools/flows/model/' },
      to: { path: '^tools/', pathNot: ['^tools/flows/model/', '^tools/json\\.ts$'] },
    },
    {
      name: 'tools-import-exported-paths',
      severity: 'error',
      from: { path: '^tools/' },
      to: { path: `^layers/core/src/(${domains})/`, pathNot: entries },
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
