const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]s$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }],
  },
  // These packages are ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!(cockatiel)/)'],
  restoreMocks: true,
};

const project = (name, timeout) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  setupFiles: ['<rootDir>/tests/support/setup.ts'],
  ...(timeout ? { testTimeout: timeout } : {}),
});

export default {
  maxWorkers: 2,
  projects: [
    project('unit'),
    project('integration', 60_000),
    project('property', 240_000),
    project('e2e', 120_000),
  ],
};
