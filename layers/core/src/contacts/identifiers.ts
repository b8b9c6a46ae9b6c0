import { domainToASCII } from 'node:url';
import { normalizeText } from '#core/platform/normalize-text.ts';
import { defaultPhoneCountry, type PhoneCountry, parsePhoneNumber } from '#core/platform/phone.ts';

export type IdentifierType = 'phone' | 'email' | 'social' | 'reference';

/** How a text was read. The reason is a sentence that never quotes the text. */
export type ParsedIdentifier =
  | { kind: 'identifier'; type: IdentifierType; canonical: string }
  | { kind: 'anonymous' }
  | { kind: 'invalid'; reason: string };

export type IdentifierParser = (text: string) => ParsedIdentifier;

/** Telephone networks write these instead of a withheld number. */
const WITHHELD = new Set(['', 'anonymous', 'restricted', 'unavailable', 'unknown']);

/** Longer than the longest identifier, an email address of 254 characters. */
const MAX_IDENTIFIER_LENGTH = 320;

/**
 * Makes the parser that reads an identifier of any type. docs/identifiers.md has the rules. Canonical forms of different
 * types never look alike, so they do not state their type.
 *
 * @param defaultCountry the country of phone numbers without a country code, as ISO 3166-1 alpha-2
 * @throws {ConfigurationError} when there is no such country
 *
 * @example createIdentifierParser('US')('(415) 555-0100 x12')
 * // { kind: 'identifier', type: 'phone', canonical: '+14155550100' }
 */
export function createIdentifierParser(defaultCountry: string): IdentifierParser {
  const country = defaultPhoneCountry(defaultCountry);

  return function parseIdentifier(text) {
    const plain = normalizeText(text);
    if (WITHHELD.has(plain.toLowerCase())) return { kind: 'anonymous' };
    if (plain.length > MAX_IDENTIFIER_LENGTH) return invalid('It is longer than any identifier.');
    const [, scheme, rest] = /^([a-z][a-z0-9-]*):(.*)$/is.exec(plain) ?? [];
    if (scheme !== undefined && rest !== undefined)
      return parseWithScheme(scheme.toLowerCase(), rest, country);
    if (plain.includes('@')) return parseEmail(plain);
    return parsePhone(plain, country);
  };
}

function parseWithScheme(scheme: string, rest: string, country: PhoneCountry): ParsedIdentifier {
  if (scheme === 'tel') return parsePhone(rest.trim(), country);
  if (scheme === 'mailto') return parseEmail(rest.trim());
  if (scheme === 'ref') return parseReference(rest.trim());
  return parseSocial(scheme, rest.trim());
}

function parsePhone(text: string, country: PhoneCountry): ParsedIdentifier {
  const parsed = parsePhoneNumber(text, country);
  if (parsed.kind === 'phone') return { kind: 'identifier', type: 'phone', canonical: parsed.phoneNumber };
  if (parsed.fault === 'CHARACTERS') return invalid(/\p{L}/u.test(text) ? LETTERS : NEITHER);
  return invalid(parsed.reason);
}

const LETTERS =
  'A phone number has digits only, no letters; an email address has an "@", a social handle looks like "twitter:@name", an external reference like "ref:CRM-17".';
const NEITHER =
  'It is neither a phone number, an email address, a social handle (twitter:@name) nor an external reference (ref:CRM-17).';

/** The lengths are from RFC 5321. Quoted local parts and address literals are not supported. */
function parseEmail(text: string): ParsedIdentifier {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at).toLowerCase();
  if (!/^[^\s@"(),:;<>[\\\]\p{C}]{1,64}$/u.test(local)) {
    return invalid(
      'The part of the email address before the "@" is empty, too long, or has characters that are not allowed.',
    );
  }
  const domain = domainToASCII(text.slice(at + 1));
  if (!/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(domain)) {
    return invalid('The part of the email address after the "@" is not a domain name.');
  }
  const canonical = `${local}@${domain}`;
  if (canonical.length > 254) return invalid('The email address is longer than 254 characters.');
  return { kind: 'identifier', type: 'email', canonical };
}

/** Networks treat `@Jane` and `@jane` as one handle. */
function parseSocial(network: string, handle: string): ParsedIdentifier {
  if (network.length > 32) return invalid('The network before the ":" is longer than 32 characters.');
  if (!/^@[\p{L}\p{M}\p{N}._-]{1,128}$/u.test(handle)) {
    return invalid(
      'After the network and ":", write "@" and 1 to 128 letters, digits, ".", "_" or "-", as in twitter:@name.',
    );
  }
  return { kind: 'identifier', type: 'social', canonical: `${network}:${handle.toLowerCase()}` };
}

/** Case is kept, because many systems have case-sensitive IDs. */
function parseReference(reference: string): ParsedIdentifier {
  if (!/^[^\s\p{C}]{1,128}$/u.test(reference)) {
    return invalid('After "ref:", write 1 to 128 characters without spaces, as in ref:CRM-17.');
  }
  return { kind: 'identifier', type: 'reference', canonical: `ref:${reference}` };
}

function invalid(reason: string): ParsedIdentifier {
  return { kind: 'invalid', reason };
}
