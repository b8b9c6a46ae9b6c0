import { rejectControlCharacters } from '#core/messages/validate-text.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { languageOf } from '#core/platform/language.ts';

/** A text with placeholders, in one or more languages: `{en: 'Your agent is {{agent}}.', de: '…'}`. */
export interface Template {
  name: string;
  /** By language: `en`, `de-AT`. */
  texts: Record<string, string>;
}

/** The limit of a message. */
const MAX_TEXT_LENGTH = 1_600;
/** An item takes up to 400 kB. */
const MAX_LANGUAGES = 50;

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
/** The names of parameters that a Lambda block of a contact flow accepts. */
const PARAMETER = /^[A-Za-z][A-Za-z0-9_]{0,31}$/;

/** The parameters of the block itself. A template can never get them. */
const RESERVED_PARAMETERS = new Set(['template', 'block', 'from', 'to', 'language']);

/** @throws {InvalidInputError} `INVALID_TEMPLATE_NAME` */
export function parseTemplateName(name: string): string {
  if (NAME.test(name)) return name;
  throw new InvalidInputError(
    'INVALID_TEMPLATE_NAME',
    'The name of a template is invalid. Use 1 to 64 lowercase letters, digits, "-", and "_", starting with a letter or a digit.',
    { field: 'name' },
  );
}

/**
 * Validates the texts of a template. All languages must have the same placeholders. Otherwise, a missing parameter would
 * first appear in a call in one of the languages.
 *
 * @throws {InvalidInputError} `INVALID_TEMPLATE` or `INVALID_UTF8`, with the language as the field
 */
export function parseTexts(input: unknown): Template['texts'] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw templateError(
      'texts',
      'texts must be an object with one text for each language, such as {"en": "Hello"}.',
    );
  }
  const texts = Object.entries(input);
  if (texts.length === 0) throw templateError('texts', 'texts has no language. Add at least one.');
  if (texts.length > MAX_LANGUAGES) {
    throw templateError('texts', `texts has ${texts.length} languages. The maximum is ${MAX_LANGUAGES}.`);
  }
  for (const [language, text] of texts) validateText(language, text);
  const [first, ...others] = texts.map(([language, text]) => ({ language, names: placeholdersOf(text) }));
  for (const { language, names } of others) {
    if (names.join() === first?.names.join()) continue;
    throw templateError(
      `texts.${language}`,
      `The texts ${language} and ${first?.language} have different placeholders. Use the same ones in all languages.`,
    );
  }
  return Object.fromEntries(texts) as Template['texts'];
}

/** The names of the parameters that a text needs, each once, in alphabetical order. */
export function placeholdersOf(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name = '']) => name))].sort();
}

/**
 * Selects the text of a template: the language of a tag, else its language without the country (`de` for `de-AT`), else
 * English, else the first one in alphabetical order.
 *
 * @param tags the preferred languages, the best one first
 */
export function selectText(
  { texts }: Template,
  tags: readonly (string | undefined)[],
): { language: string; text: string } | undefined {
  const candidates = [
    ...tags.flatMap((tag) => (tag ? [normalizeTag(tag), languageOf(tag), shortestTag(languageOf(tag))] : [])),
    'en',
  ];
  const language =
    candidates.find((candidate) => Object.hasOwn(texts, candidate)) ?? Object.keys(texts).sort()[0];
  const text = language === undefined ? undefined : texts[language];
  return language === undefined || text === undefined ? undefined : { language, text };
}

/**
 * Replaces the placeholders of a text, and ignores other parameters. An empty parameter counts as missing: Connect passes
 * an attribute that is not set as an empty string, and the sentence would have a gap.
 *
 * @throws {InvalidInputError} `MISSING_PARAMETER`, with the name of the missing one
 */
export function fillText(text: string, parameters: Record<string, string>): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value !== undefined && value.trim() !== '') return value;
    const fault =
      value === undefined ? 'is missing. Pass it' : 'is empty, because its attribute is not set. Set it';
    throw new InvalidInputError(
      'MISSING_PARAMETER',
      `The template needs the parameter ${name}, which ${fault}.`,
      {
        field: name,
      },
    );
  });
}

function validateText(language: string, text: unknown): asserts text is string {
  const field = `texts.${language.slice(0, 16)}`;
  if (!LANGUAGE.test(language)) {
    throw templateError('texts', 'A language of texts is invalid. Write it as in "en" or "de-AT".');
  }
  if (typeof text !== 'string') throw templateError(field, `The text ${language} must be a string.`);
  if (text.trim() === '')
    throw templateError(field, `The text ${language} is empty. Write a text, or remove the language.`);
  if (text.length > MAX_TEXT_LENGTH) {
    throw templateError(
      field,
      `The text ${language} has ${text.length} characters. The maximum is ${MAX_TEXT_LENGTH}.`,
    );
  }
  rejectControlCharacters(text, 'INVALID_TEMPLATE', field);
  for (const name of placeholdersOf(text)) validatePlaceholder(field, language, name);
  if (/\{\{|\}\}/.test(text.replace(PLACEHOLDER, ''))) {
    throw templateError(
      field,
      `The text ${language} has "{{" without "}}", or "}}" without "{{". Close each placeholder.`,
    );
  }
}

function validatePlaceholder(field: string, language: string, name: string): void {
  if (!PARAMETER.test(name)) {
    throw templateError(
      field,
      `A placeholder of the text ${language} has an invalid name. Use 1 to 32 letters, digits, and "_", as in {{agent}}.`,
    );
  }
  if (RESERVED_PARAMETERS.has(name)) {
    throw templateError(
      field,
      `{{${name}}} cannot be a placeholder, because flow-sms uses the parameter ${name} itself. Choose another name.`,
    );
  }
}

/** `de-AT` for `de-at`, `de_AT`, and `DE-AT`. */
function normalizeTag(tag: string): string {
  const [, country] = tag.split(/[-_]/);
  return country === undefined ? languageOf(tag) : `${languageOf(tag)}-${country.toUpperCase()}`;
}

/** `de` for `deu`. A language without a shorter tag keeps its own. */
function shortestTag(language: string): string {
  return LANGUAGE.test(language) ? (Intl.getCanonicalLocales(language)[0] ?? language) : language;
}

function templateError(field: string, message: string): InvalidInputError {
  return new InvalidInputError('INVALID_TEMPLATE', message, { field });
}
