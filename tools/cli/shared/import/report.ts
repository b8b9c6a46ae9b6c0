import { stat } from 'node:fs/promises';
import type { Output } from '#tools/cli/shared/output.ts';
import { createProgress } from '#tools/cli/shared/progress.ts';
import { FileError } from './rows.ts';
import { type ImportOptions, type ImportResult, importFile } from './run.ts';

/** How many rejected rows are shown; all of them stand in the file. */
const SHOWN = 10;

/** Imports a file, and tells a person how it goes and how it ended; returns the exit code. */
export async function importWithReport<Row>(
  options: Omit<ImportOptions<Row>, 'onProgress' | 'onRejected'>,
  output: Output,
): Promise<number> {
  const progress = createProgress('import', (await stat(options.path)).size);
  let shown = 0;
  try {
    const result = await importFile({
      ...options,
      onProgress: ({ bytes, counts }) =>
        progress.update(bytes, `${counts.read} rows, ${counts.rejected} rejected`),
      onRejected: (line, { column, reason }) => {
        // The columns of a CSV file are ours, the fields of a JSON object may be anything.
        const where = options.format === 'csv' && column ? `, ${column}` : '';
        if (shown++ < SHOWN) output.error(`line ${line}${where}: ${reason}`);
      },
    });
    progress.stop();
    return report(result, output);
  } finally {
    progress.stop();
  }
}

function report(result: ImportResult, output: Output): number {
  const { read, written, unchanged, rejected, rows, seconds } = result;
  const rate = Math.round(rows / Math.max(seconds, 0.001));
  output.line(
    `${result.status === 'done' ? 'Imported' : 'Stopped'}: ${read} rows read, ${written} written, ${unchanged} unchanged, ` +
      `${rejected} rejected; ${rate} rows/s.`,
  );
  if (rejected > 0) output.line(`The rejected rows, with the reasons, are in ${result.rejectedFile}.`);
  if (result.status === 'stopped') {
    output.line('The same command goes on from here.');
    return 1;
  }
  return rejected > 0 ? 2 : 0;
}

/** What is wrong with a file, in words; undefined when something else is. */
export function explainFile(error: NodeJS.ErrnoException): string | undefined {
  if (error instanceof FileError) return error.message;
  const { code, syscall, path } = error;
  if (syscall === undefined || path === undefined) return undefined;
  return code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be used (${code}).`;
}
