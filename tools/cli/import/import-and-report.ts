import { stat } from 'node:fs/promises';
import type { Output } from '#tools/cli/context.ts';
import { createProgress } from '#tools/cli/progress.ts';
import { type FileImport, type ImportResult, importFile } from './import-file.ts';

/** The rejected rows to show. The file of rejected rows has all of them. */
const MAX_SHOWN = 10;

/** Imports a file, shows the progress and the result, and returns the exit code. */
export async function importAndReport<Row>(
  options: Omit<FileImport<Row>, 'onProgress' | 'onRejected'>,
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
        // The columns of a CSV file are known names. The fields of a JSON object can be anything.
        const where = options.format === 'csv' && column ? `, ${column}` : '';
        if (shown++ < MAX_SHOWN) output.error(`line ${line}${where}: ${reason}`);
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
    output.line('To resume, run the same command again.');
    return 1;
  }
  return rejected > 0 ? 2 : 0;
}
