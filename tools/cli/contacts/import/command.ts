import { isDeepStrictEqual } from 'node:util';
import {
  CipherError,
  type ContactBody,
  type ContactStore,
  createIdentifierParser,
  getContact,
  parseContact,
  parseContactId,
  putContact,
} from '@switchboard/core/contacts';
import { ConflictError } from '@switchboard/core/platform/errors';
import { keyVersionError, openWritableTarget, targetId } from '#tools/cli/contacts/deployment.ts';
import type { ImportCommand } from '#tools/cli/contacts/flags.ts';
import { importWithReport } from '#tools/cli/shared/import/report.ts';
import type { WriteRow } from '#tools/cli/shared/import/run.ts';
import type { Output } from '#tools/cli/shared/output.ts';
import { contactRows, type Row } from './rows.ts';

/** `npm run contacts -- import FILE` */
export async function importCommand(
  command: ImportCommand,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const target = await openWritableTarget(command.target);
  const { file: path, format, fresh, parallel } = command;
  return importWithReport(
    {
      ...{ path, format, fresh, parallel, signal },
      target: targetId(target),
      rows: contactRows,
      write: contactWriter(target, target.country),
    },
    output,
  );
}

/**
 * Makes the writer of contacts. Most rows of an import are new, so it first tries to create; a contact that is
 * there already is read, and replaced only when the row says something else: importing a file again is cheap,
 * and a row that is written twice after a kill gets no second version.
 */
export function contactWriter(store: ContactStore, country: string): WriteRow<Row> {
  const parseIdentifier = createIdentifierParser(country);
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
