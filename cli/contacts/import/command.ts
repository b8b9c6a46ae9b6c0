import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  CipherError,
  type ContactBody,
  type ContactStore,
  getContact,
  identifierParser,
  parseContact,
  parseContactId,
  putContact,
} from '@switchboard/core/contacts';
import { ConflictError } from '@switchboard/core/platform/errors';
import type { Output } from '../../shared/output.ts';
import { createProgress } from '../../shared/progress.ts';
import { keyVersionError, openWritableTarget, targetId } from '../deployment.ts';
import type { ImportCommand } from '../flags.ts';
import { type ImportResult, importFile, type WriteContact } from './run.ts';

/** How many rejected rows are shown; all of them stand in the file. */
const SHOWN = 10;

/** `npm run contacts -- import FILE` */
export async function importCommand(
  command: ImportCommand,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const target = await openWritableTarget(command.target);
  const progress = createProgress('import', (await stat(command.file)).size);
  let shown = 0;
  try {
    const result = await importFile({
      path: command.file,
      format: command.format,
      fresh: command.fresh,
      parallel: command.parallel,
      target: targetId(target),
      write: contactWriter(target, target.country),
      signal,
      onProgress: ({ bytes, counts }) =>
        progress.update(bytes, `${counts.read} rows, ${counts.rejected} rejected`),
      onRejected: (line, { column, reason }) => {
        // The columns of a CSV file are ours, the fields of a JSON object may be anything.
        const where = command.format === 'csv' && column ? `, ${column}` : '';
        if (shown++ < SHOWN) output.error(`line ${line}${where}: ${reason}`);
      },
    });
    progress.stop();
    return report(result, output);
  } finally {
    progress.stop();
  }
}

/**
 * Makes the writer of contacts. Most rows of an import are new, so it first tries to create; a contact that is
 * there already is read, and replaced only when the row says something else: importing a file again is cheap,
 * and a row that is written twice after a kill gets no second version.
 */
export function contactWriter(store: ContactStore, country: string): WriteContact {
  const parseIdentifier = identifierParser(country);
  return async function writeContact({ contactId, body: input }) {
    const id = parseContactId(contactId);
    const { body } = parseContact(input, parseIdentifier);
    try {
      await putContact(store, id, body, { version: 0 });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (await holds(store, id, body)) return 'unchanged';
      await putContact(store, id, body);
    }
    return 'written';
  };
}

async function holds(store: ContactStore, contactId: string, body: ContactBody): Promise<boolean> {
  try {
    const stored = await getContact(store, contactId);
    if (!stored) return false;
    const { contactId: _id, version: _version, updatedAt: _time, audiences: _audiences, ...rest } = stored;
    return isDeepStrictEqual(rest, JSON.parse(JSON.stringify(body)));
  } catch (error) {
    if (!(error instanceof CipherError)) throw error;
    // The contact is sound, our keys are the wrong ones.
    if (error.code === 'UNKNOWN_KEY_VERSION') throw keyVersionError(error.message, error);
    // What nobody can open is replaced, as a PUT would.
    return false;
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
