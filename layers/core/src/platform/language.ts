/** The language of a tag, however long: `de` for `de-AT` and `de_AT`, `fil` for `fil-PH`. */
export function languageOf(tag: string): string {
  const [language = ''] = tag.split(/[-_]/);
  return language.toLowerCase();
}
