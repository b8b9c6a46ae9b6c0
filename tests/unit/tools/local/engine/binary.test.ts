import { findEngineBinary } from '#tools/local/engine/process.ts';

test('a machine without a binary is told what to set instead', () => {
  expect(() => findEngineBinary(process.cwd(), 'plan9-mips')).toThrow(
    /no embedded DynamoDB engine for this machine \(plan9-mips\).*DYNAMODB_ENDPOINT=http:\/\/127\.0\.0\.1:8000/,
  );
});
