import { findEngineBinary } from '#tools/local/engine/process.ts';

test('an unsupported platform gets an error with the alternative', () => {
  expect(() => findEngineBinary(process.cwd(), 'plan9-mips')).toThrow(
    /no embedded DynamoDB engine for this platform \(plan9-mips\).*DYNAMODB_ENDPOINT=http:\/\/127\.0\.0\.1:8000/,
  );
});
