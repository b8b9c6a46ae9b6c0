import * as v from 'valibot';
import { InvalidInputError, TooLargeError } from '#core/platform/errors.ts';
import { parseBody } from '#core/platform/validate.ts';
import type { IdentifierParser } from './identifiers.ts';

/** The content of a contact, which is stored encrypted. Identifiers are canonical and unique. */
export interface ContactBody {
  firstName?: string;
  lastName?: string;
  /** A BCP 47 tag: `en-US`. */
  language?: string;
  identifiers: string[];
  /** The Connect user ID of the contact's own agent. */
  agentId?: string;
  /** Contact flows may read them. */
  attributes: Record<string, string>;
  /** Only the API returns them. */
  privateAttributes: Record<string, JsonValue>;
}

export interface Contact extends ContactBody {
  contactId: string;
  /** 1 for a new contact. Each change adds 1. */
  version: number;
  /** ISO 8601 in UTC with milliseconds. */
  updatedAt: string;
}

/** A contact with the IDs of its audiences, sorted. */
export interface ContactWithAudiences extends Contact {
  audiences: string[];
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Of the contact as JSON in UTF-8. */
export const MAX_CONTACT_BYTES = 64 * 1024;
export const MAX_IDENTIFIERS = 50;
/** Levels of objects and lists. The contact itself is the first. */
export const MAX_JSON_DEPTH = 10;

const shortText = v.pipe(
  v.string('must be a string'),
  v.maxLength(256, 'must not be longer than 256 characters'),
);

/** A flow reads an attribute as `$.External.attr_<name>`, so its name has only what Connect allows there. */
const attributeNames = v.check(
  (attributes: Record<string, unknown>) =>
    Object.keys(attributes).every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name)),
  'may only have names of 1 to 64 letters, digits, "_" or "-"',
);

/** Not v.record, which silently drops names such as "constructor". */
const attributeMap = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const bodySchema = v.object({
  firstName: v.optional(shortText),
  lastName: v.optional(shortText),
  language: v.optional(
    v.pipe(
      v.string('must be a string'),
      v.maxLength(35, 'must not be longer than 35 characters'),
      v.regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en-US'),
    ),
  ),
  identifiers: v.optional(v.array(v.string('must be a string'), 'must be a list of strings'), []),
  agentId: v.optional(
    v.pipe(
      v.string('must be a string'),
      v.regex(/^[A-Za-z0-9_-]{1,128}$/, 'must be the ID of a Connect user'),
    ),
  ),
  attributes: v.optional(
    v.pipe(
      attributeMap,
      attributeNames,
      v.check(
        (attributes) => Object.values(attributes).every((value) => typeof value === 'string'),
        'may only have strings as values',
      ),
    ),
    {},
  ),
  privateAttributes: v.optional(v.pipe(attributeMap, attributeNames), {}),
  version: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.safeInteger('must be a whole number'),
      v.minValue(0, 'must not be negative'),
    ),
  ),
});

/** Paths of the API. It could not address a contact with such an ID. */
const RESERVED_IDS = new Set(['lookup', 'batch-lookup']);

/** An accepted body, and the version that it replaces, if it names one. */
export interface ParsedContact {
  body: ContactBody;
  version?: number;
}

/**
 * Checks a contact from the API or an import, and makes its identifiers canonical.
 *
 * @throws {InvalidInputError} with the first wrong field; its message never quotes the value
 * @throws {TooLargeError} with the limit and the actual size
 */
export function parseContact(input: unknown, parseIdentifier: IdentifierParser): ParsedContact {
  checkSize(input);
  const { version, ...fields } = parseBody(bodySchema, input);
  checkIdentifierCount(fields.identifiers.length);
  const body = {
    ...fields,
    identifiers: canonicalizeIdentifiers(fields.identifiers, parseIdentifier),
  } as ContactBody;
  return version === undefined ? { body } : { body, version };
}

/**
 * Checks the ID of a contact.
 *
 * @throws {InvalidInputError}
 */
export function parseContactId(contactId: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(contactId) && !RESERVED_IDS.has(contactId)) return contactId;
  throw new InvalidInputError(
    'INVALID_CONTACT_ID',
    'contactId must be 1 to 64 letters, digits, "_" or "-", and neither "lookup" nor "batch-lookup".',
    { field: 'contactId' },
  );
}

/** Checks the depth first: JSON.stringify recurses, and a body may be ten thousand opening brackets. */
function checkSize(input: unknown): void {
  if (!isWithinDepth(input, MAX_JSON_DEPTH)) {
    throw new InvalidInputError('INVALID_BODY', `The body nests deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(input) ?? '');
  if (bytes > MAX_CONTACT_BYTES) {
    throw new TooLargeError(
      'CONTACT_TOO_LARGE',
      `A contact has at most ${MAX_CONTACT_BYTES} bytes as JSON; this one has ${bytes}.`,
    );
  }
}

function checkIdentifierCount(identifiers: number): void {
  if (identifiers > MAX_IDENTIFIERS) {
    throw new TooLargeError(
      'TOO_MANY_IDENTIFIERS',
      `A contact has at most ${MAX_IDENTIFIERS} identifiers; this one has ${identifiers}.`,
      { field: 'identifiers' },
    );
  }
}

function canonicalizeIdentifiers(texts: string[], parseIdentifier: IdentifierParser): string[] {
  const canonical = texts.map((text, index) => {
    const parsed = parseIdentifier(text);
    if (parsed.kind === 'identifier') return parsed.canonical;
    const reason =
      parsed.kind === 'invalid' ? parsed.reason : 'It is a withheld number, which identifies no contact.';
    const field = `identifiers[${index}]`;
    throw new InvalidInputError('INVALID_IDENTIFIER', `${field} is invalid. ${reason}`, { field });
  });
  return [...new Set(canonical)];
}

function isWithinDepth(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithinDepth(inner, levels - 1));
}
