declare const TEST_TIMEOUT_MS: number;

jest.setTimeout(process.env.SWITCHBOARD_LONG ? 3_600_000 : TEST_TIMEOUT_MS);
