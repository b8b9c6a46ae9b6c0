import type { Router } from '@aws-lambda-powertools/event-handler/http';
import * as v from 'valibot';
import { parseContact, parseContactId } from '#core/contacts/contact.ts';
import { createIdentifierParser, type IdentifierParser } from '#core/contacts/identifiers.ts';
import { createLookup, createLookupIndex, type Lookup, lookUpBatch } from '#core/contacts/lookup/index.ts';
import { type ContactStore, deleteContact, getContact, putContact } from '#core/contacts/store.ts';
import { documentClient } from '#core/platform/dynamodb/client.ts';
import { InvalidInputError, NotFoundError, TooLargeError } from '#core/platform/errors.ts';
import { readQuery } from '#core/platform/handlers/query-parameters.ts';
import { readJson } from '#core/platform/handlers/rest-api.ts';
import type { Keyring } from '#core/platform/keys/index.ts';
import { createKeyringLoader, keySettings, loadKeyring } from '#core/platform/keys/index.ts';
import { parseBody } from '#core/platform/validate.ts';
import { checkHealth, type HealthSource } from './health.ts';

export interface ContactsApiEnv {
  CONTACTS_TABLE: string;
  LOOKUP_TABLE: string;
  DEFAULT_COUNTRY: string;
  ORGANIZATION: string;
  ROOT_KEY_ARN: string;
  KEY_VERSIONS: number[];
  LOOKUP_BUDGET_MS: number;
}

export interface ContactsApiParts extends HealthSource {
  keyring: () => Promise<Keyring>;
  parseIdentifier: IdentifierParser;
  lookUp: Lookup;
}

/** Of an ambiguous identifier. */
const MAX_CONTACTS_IN_RESPONSE = 10;
const MAX_IDENTIFIERS_IN_BATCH = 100;

const lookupBody = v.object({ identifier: v.string('must be a string') });
const batchBody = v.object({
  identifiers: v.array(v.string('must be a string'), 'must be a list of strings'),
});

/** The routes of contacts-api, on the tables and keys that its environment names. */
export function createContactsApi(env: ContactsApiEnv): (app: Router) => void {
  const parseIdentifier = createIdentifierParser(env.DEFAULT_COUNTRY);
  const keys = keySettings(env);
  const keyring = createKeyringLoader(keys);
  const tables = { contacts: env.CONTACTS_TABLE, lookup: env.LOOKUP_TABLE };
  const budgetMs = env.LOOKUP_BUDGET_MS;
  const lookUp = createLookup({
    index: createLookupIndex({ ...tables, budgetMs }),
    keyring,
    parseIdentifier,
    budgetMs,
    limit: MAX_CONTACTS_IN_RESPONSE,
  });
  return createContactsRoutes({
    // Its attempts end before the function times out, so that the response is 503.
    client: documentClient(3),
    ...tables,
    keyring,
    deriveKeys: () => loadKeyring(keys),
    parseIdentifier,
    lookUp,
  });
}

/** The routes as docs/openapi.yaml describes them. */
export function createContactsRoutes(parts: ContactsApiParts): (app: Router) => void {
  const store = async (): Promise<ContactStore> => ({
    client: parts.client,
    contacts: parts.contacts,
    keyring: await parts.keyring(),
  });

  return function register(app) {
    app.put('/contacts/:contactId', async ({ req, params }) => {
      const contactId = parseContactId(params.contactId ?? '');
      const { body, version } = parseContact(await readJson(req), parts.parseIdentifier);
      return { contactId, version: await putContact(await store(), contactId, body, { version }) };
    });

    app.get('/contacts/:contactId', async ({ params }) => {
      const contact = await getContact(await store(), parseContactId(params.contactId ?? ''));
      return Response.json(contact ?? throwContactNotFound());
    });

    app.delete('/contacts/:contactId', async ({ req, params }) => {
      const contactId = parseContactId(params.contactId ?? '');
      const deleted = await deleteContact(await store(), contactId, readVersion(req));
      return deleted ? new Response(null, { status: 204 }) : throwContactNotFound();
    });

    app.post('/contacts/lookup', async ({ req }) => {
      const { identifier } = parseBody(lookupBody, await readJson(req));
      return Response.json(await parts.lookUp(identifier));
    });

    app.post('/contacts/batch-lookup', async ({ req }) => {
      const { identifiers } = parseBody(batchBody, await readJson(req));
      checkBatchSize(identifiers.length);
      return Response.json({ results: await lookUpBatch(parts.lookUp, identifiers) });
    });

    app.get('/health', async () => {
      const health = await checkHealth(parts);
      return Response.json(health, { status: health.status === 'ok' ? 200 : 503 });
    });
  };
}

function throwContactNotFound(): never {
  throw new NotFoundError('CONTACT_NOT_FOUND', 'There is no contact with this ID.', { field: 'contactId' });
}

const versionParameter = v.object({ version: v.optional(v.string()) });

function readVersion(request: Request): number | undefined {
  const { version } = readQuery(request, versionParameter);
  if (version === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(version)) return Number(version);
  throw new InvalidInputError('INVALID_VERSION', 'version must be a number from 1.', { field: 'version' });
}

function checkBatchSize(identifiers: number): void {
  if (identifiers <= MAX_IDENTIFIERS_IN_BATCH) return;
  throw new TooLargeError(
    'TOO_MANY_IDENTIFIERS',
    `A batch has at most ${MAX_IDENTIFIERS_IN_BATCH} identifiers; this one has ${identifiers}.`,
    { field: 'identifiers' },
  );
}
