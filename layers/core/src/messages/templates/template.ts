import { refuseUnreadable } from '#core/messages/text.ts';
import { InvalidInputError } from '#core/platform/errors.ts';
import { languageOf } from '#core/platform/language.ts';

/** A text to be filled in, in one language or several: `{en: 'Your agent is {{agent}}.', de: '…'}`. */
export interface Template {
  name: string;
  /** By language: `en`, `de-AT`. */
  texts: Record<string, string>;
}

/** As for a message: the limit of End User Messaging. */
const LONGEST_TEXT = 1_600;
/** Far more than there are in which one house texts; an item takes 400 kB. */
const MOST_LANGUAGES = 50;

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Z]{2})?$/;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
/** Letters, digits and "_": a Lambda block of a flow takes these as the name of a parameter. */
const PARAMETER = /^[A-Za-z][A-Za-z0-9_]{0,31}$/;

/** Parameters of the block itself: a text could never be given them. */
const RESERVED = new Set(['template', 'block', 'from', 'to', 'language']);

/** @throws {InvalidInputError} `INVALID_TEMPLATE_NAME` */
export function parseTemplateName(name: string): string {
  if (NAME.test(name)) return name;
  throw new InvalidInputError(
    'INVALID_TEMPLATE_NAME',
    'The name of a template has 1 to 64 small letters, digits, "-" and "_", and begins with a letter or a digit.',
    { field: 'name' },
  );
}

/**
 * Checks the texts of a template. All of them have the same placeholders, so that a call in one language is not the
 * first to miss one.
 *
 * @throws {InvalidInputError} `INVALID_TEMPLATE` or `INVALID_UTF8`, with the language as the field
 */
export function parseTexts(input: unknown): Template['texts'] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid('texts', 'texts must be an object with a text for each language: {"en": "Hello"}.');
  }
  const texts = Object.entries(input);
  if (texts.length === 0) throw invalid('texts', 'texts has no language; one is needed at least.');
  if (texts.length > MOST_LANGUAGES) {
    throw invalid('texts', `texts has ${texts.length} languages; ${MOST_LANGUAGES} is the most.`);
  }
  for (const [language, text] of texts) checkText(language, text);
  const [first, ...others] = texts.map(([language, text]) => ({ language, names: placeholders(text) }));
  for (const { language, names } of others) {
    if (names.join() === first?.names.join()) continue;
    throw invalid(
      `texts.${language}`,
      `The text ${language} has other placeholders than the text ${first?.language}; all languages have the same.`,
    );
  }
  return Object.fromEntries(texts) as Template['texts'];
}

/** The names of the parameters that a text needs, each once, in order of the alphabet. */
export function placeholders(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(PLACEHOLDER), ([, name = '']) => name))].sort();
}

/**
 * The text of a template in a language: that of the tag, else that of its language alone (`de` for `de-AT`), else
 * English, else the first of the alphabet.
 *
 * @param tags what is wanted, the best first
 */
export function textFor(
  { texts }: Template,
  tags: readonly (string | undefined)[],
): { language: string; text: string } | undefined {
  const candidates = [
    ...tags.flatMap((tag) => (tag ? [spelled(tag), languageOf(tag), shortest(languageOf(tag))] : [])),
    'en',
  ];
  const language =
    candidates.find((candidate) => Object.hasOwn(texts, candidate)) ?? Object.keys(texts).sort()[0];
  const text = language === undefined ? undefined : texts[language];
  return language === undefined || text === undefined ? undefined : { language, text };
}

/**
 * Puts parameters in the places of a text; what it does not name is left out. An empty one is none: Connect passes an
 * attribute that is not set as an empty text, and the sentence would have a hole.
 *
 * @throws {InvalidInputError} `MISSING_PARAMETER`, names the one that is not given
 */
export function fill(text: string, parameters: Record<string, string>): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value !== undefined && value.trim() !== '') return value;
    const fault =
      value === undefined ? 'is not given' : 'is empty: the attribute that it is taken from is not set';
    throw new InvalidInputError(
      'MISSING_PARAMETER',
      `The template needs the parameter ${name}, which ${fault}.`,
      {
        field: name,
      },
    );
  });
}

function checkText(language: string, text: unknown): asserts text is string {
  const field = `texts.${language.slice(0, 16)}`;
  if (!LANGUAGE.test(language)) {
    throw invalid('texts', 'A language is written as in "en" or "de-AT".');
  }
  if (typeof text !== 'string') throw invalid(field, `The text ${language} must be a string.`);
  if (text.trim() === '') throw invalid(field, `The text ${language} is empty.`);
  if (text.length > LONGEST_TEXT) {
    throw invalid(field, `The text ${language} has ${text.length} characters; ${LONGEST_TEXT} is the most.`);
  }
  refuseUnreadable(text, 'INVALID_TEMPLATE', field);
  for (const name of placeholders(text)) checkPlaceholder(field, language, name);
  if (/\{\{|\}\}/.test(text.replace(PLACEHOLDER, ''))) {
    throw invalid(field, `The text ${language} has "{{" without "}}", or the other way round.`);
  }
}

function checkPlaceholder(field: string, language: string, name: string): void {
  if (!PARAMETER.test(name)) {
    throw invalid(
      field,
      `A placeholder of the text ${language} has no name such as {{agent}}: 1 to 32 letters, digits and "_".`,
    );
  }
  if (RESERVED.has(name)) {
    throw invalid(field, `{{${name}}} cannot be a placeholder: ${name} is a parameter of flow-sms itself.`);
  }
}

/** `de-at`, `de_AT` and `DE-AT` are `de-AT`. */
function spelled(tag: string): string {
  const [, country] = tag.split(/[-_]/);
  return country === undefined ? languageOf(tag) : `${languageOf(tag)}-${country.toUpperCase()}`;
}

/** `de` for `deu`; a language that has no shorter name keeps its own. */
function shortest(language: string): string {
  return LANGUAGE.test(language) ? (Intl.getCanonicalLocales(language)[0] ?? language) : language;
}

function invalid(field: string, message: string): InvalidInputError {
  return new InvalidInputError('INVALID_TEMPLATE', message, { field });
}
