import type { Command } from 'commander';
import { UsageError } from '#tools/cli/errors.ts';
import { addParsedOption, oneOf, wholeNumber } from '#tools/cli/options.ts';

export type FileFormat = 'csv' | 'ndjson';

const FORMATS: readonly FileFormat[] = ['csv', 'ndjson'];
const MAX_CONCURRENCY = 50;

/** The options of a command that imports a file. */
export interface ImportOptions {
  format?: FileFormat;
  concurrency: number;
  fresh?: boolean;
}

export function addImportOptions(command: Command, concurrency: number): void {
  command.argument('<file>', 'CSV or NDJSON. Rows that are not accepted go to <file>.rejected.');
  const format = 'csv or ndjson (default: by the name of the file: .csv, .ndjson, .jsonl)';
  addParsedOption(command, '--format <format>', format, oneOf(FORMATS));
  addParsedOption(command, '--concurrency <n>', 'writes at once', wholeNumber(MAX_CONCURRENCY), concurrency);
  command.option('--fresh', 'start from the beginning, and ignore the checkpoint of an earlier run');
}

/**
 * Returns the format of a file by its name. A file of rejected rows has the format of its source.
 *
 * @throws {UsageError}
 */
export function formatOf(file: string): FileFormat {
  const extension = /\.([a-z]+)(?:\.rejected)*$/i.exec(file)?.[1]?.toLowerCase();
  if (extension === 'csv') return 'csv';
  if (extension === 'ndjson' || extension === 'jsonl') return 'ndjson';
  throw new UsageError('The name of the file does not show its format. Add --format csv or --format ndjson.');
}
