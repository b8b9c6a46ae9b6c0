const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]s$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }],
  },
  // These packages are ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!(any-ascii|cockatiel|commander|@middy)/)'],
  // Their package exports have no entry for require, which Jest uses.
  moduleNameMapper: { '^@middy/(core|util)$': '<rootDir>/node_modules/@middy/$1/index.js' },
  restoreMocks: true,
};

const project = (name, timeout = 60_000) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  setupFiles: ['<rootDir>/tests/support/setup.ts'],
  // Jest has no testTimeout of a project, so a setup file sets it.
  setupFilesAfterEnv: ['<rootDir>/tests/support/timeout.ts'],
  globals: { TEST_TIMEOUT_MS: timeout },
});

// These run on one DynamoDB engine, the embedded one or what DYNAMODB_ENDPOINT names.
const withEngine = {
  globalSetup: '<rootDir>/tests/support/engine-setup.ts',
  globalTeardown: '<rootDir>/tests/support/engine-teardown.ts',
};

export default {
  maxWorkers: 2,
  testSequencer: '<rootDir>/tests/support/sequencer.mjs',
  reporters: ['default', ...(process.env.SWITCHBOARD_TEST_COUNTS ? ['<rootDir>/.ci/jest-counts.mjs'] : [])],
  projects: [
    project('unit'),
    { ...project('integration', 240_000), ...withEngine },
    { ...project('property', 240_000), ...withEngine },
    project('e2e', 300_000),
    // Not part of npm test: these need the AWS CLI.
    project('aws-cli', 300_000),
    project('docs', 300_000),
    // Nor this one: it needs the SAM CLI, moto and cfn-lint, and fails when they are missing.
    { ...project('packaging', 240_000), ...withEngine },
  ],
};
