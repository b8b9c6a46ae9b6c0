/** The language of a tag, however long: `de` for `de-AT` and `de_AT`, `fil` for `fil-PH`. */
export function languageOf(tag: string): string {
  const [language = ''] = tag.split(/[-_]/);
  return language.toLowerCase();
}

/**
 * The canonical form of a tag, in the case that BCP 47 recommends: `de-AT` for `DE-at`, `de` for `deu`.
 *
 * @returns the text unchanged if it is not a tag
 */
export function canonicalTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch (error) {
    if (error instanceof RangeError) return tag;
    throw error;
  }
}
