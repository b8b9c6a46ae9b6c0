import * as shared from '#tools/cli/shared/output.ts';

export interface Output extends shared.Output {
  /** What is exported to `-`. */
  stream: NodeJS.WritableStream;
}

export const terminal: Output = { ...shared.terminal, stream: process.stdout };
