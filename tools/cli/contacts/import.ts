import { isDeepStrictEqual } from 'node:util';
import {
  type ContactBody,
  type ContactStore,
  createIdentifierParser,
  getContact,
  parseContact,
  parseContactId,
  putContact,
} from '@switchboard/core/contacts';
import { ConflictError } from '@switchboard/core/platform/errors';
import { CipherError } from '@switchboard/core/platform/keys';
import type { Command } from 'commander';
import type { CliContext } from '#tools/cli/context.ts';
import { addDeploymentOptions, type DeploymentOptions } from '#tools/cli/deployment.ts';
import { importAndReport } from '#tools/cli/import/import-and-report.ts';
import type { WriteRow } from '#tools/cli/import/import-file.ts';
import { addImportOptions, formatOf, type ImportOptions } from '#tools/cli/import/import-options.ts';
import { type ContactRow, contactRows } from './contact-rows.ts';
import { CONTACTS_SETTINGS, deploymentId, keyVersionError, openContactsForWriting } from './open-contacts.ts';

export function configureContactsImport(command: Command, context: CliContext): void {
  command.description(
    'Write the contacts of a file. The same command resumes an interrupted run. The columns are in docs/import.md.',
  );
  addImportOptions(command, 32);
  addDeploymentOptions(command, CONTACTS_SETTINGS);
  command.action(async (path: string, options: ImportOptions & DeploymentOptions) => {
    const { format = formatOf(path), fresh = false, concurrency } = options;
    const signal = context.stopSignal();
    const deployment = await openContactsForWriting(options);
    context.exitCode = await importAndReport(
      {
        ...{ path, format, fresh, concurrency, signal },
        target: deploymentId(deployment),
        rows: contactRows,
        write: createContactWriter(deployment, deployment.country),
      },
      context.output,
    );
  });
}

/**
 * Creates the function that writes contacts. Most rows of an import are new, so it tries to create first. It reads a
 * contact that exists, and replaces it only if the row differs. So a second import of a file costs little, and a row
 * that is written twice after an interruption gets no second version.
 */
export function createContactWriter(store: ContactStore, country: string): WriteRow<ContactRow> {
  const parseIdentifier = createIdentifierParser(country);
  return async function writeContact({ contactId, body: input }) {
    const id = parseContactId(contactId);
    const { body } = parseContact(input, parseIdentifier);
    try {
      await putContact(store, id, body, { version: 0 });
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      if (await isStored(store, id, body)) return 'unchanged';
      await putContact(store, id, body);
    }
    return 'written';
  };
}

async function isStored(store: ContactStore, contactId: string, body: ContactBody): Promise<boolean> {
  try {
    const stored = await getContact(store, contactId);
    if (!stored) return false;
    const { contactId: _id, version: _version, updatedAt: _time, audiences: _audiences, ...rest } = stored;
    return isDeepStrictEqual(rest, JSON.parse(JSON.stringify(body)));
  } catch (error) {
    if (!(error instanceof CipherError)) throw error;
    // The contact is intact, but this keyring cannot decrypt it.
    if (error.code === 'UNKNOWN_KEY_VERSION') throw keyVersionError(error.message, error);
    // A contact that no key decrypts is replaced, as a PUT would.
    return false;
  }
}
