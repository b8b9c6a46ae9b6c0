import { createIndexer } from '@switchboard/core/contacts/indexing';
import { readEnv } from '@switchboard/core/platform/env';
import { createStreamHandler } from '@switchboard/core/platform/handlers/stream';

/** Keeps LookupTable in step with ContactsTable. It sees hashes only and has no right to decrypt. */
export const handler = createStreamHandler(
  'contact-indexer',
  createIndexer(readEnv('CONTACTS_TABLE', 'LOOKUP_TABLE')),
);
