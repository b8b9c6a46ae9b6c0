import {
  fillText,
  parseTemplateName,
  parseTexts,
  placeholdersOf,
  selectText,
} from '#core/messages/templates/template.ts';

test.each(['welcome', 'call-back_2', '7', 'a'.repeat(64)])('%s is a valid name', (name) => {
  expect(parseTemplateName(name)).toBe(name);
});

test.each(['', 'Welcome', '-a', 'a b', 'ä', 'a#b', 'a'.repeat(65), '\ud800'])(
  '%j is not a valid name',
  (name) => {
    expect(() => parseTemplateName(name)).toThrow(expect.objectContaining({ code: 'INVALID_TEMPLATE_NAME' }));
  },
);

test('texts are stored unchanged', () => {
  const texts = { en: 'Hi {{first_name}}, {{agent}} here. {single} } {', de: '{{agent}} für {{first_name}}' };
  expect(parseTexts(texts)).toEqual(texts);
});

test.each([
  ['no object', 'texts', 'Hi'],
  ['a list', 'texts', ['Hi']],
  ['no language', 'texts', {}],
  ['too many languages', 'texts', Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`x${i}`, 'Hi']))],
  ['a language that is none', 'texts', { English: 'Hi' }],
  ['a language with a wrong case', 'texts', { EN: 'Hi' }],
  ['a member that objects inherit', 'texts', JSON.parse('{"__proto__": "Hi"}')],
  ['a text that is none', 'texts.en', { en: 7 }],
  ['an empty text', 'texts.en', { en: ' \n' }],
  ['a long text', 'texts.en', { en: 'x'.repeat(1_601) }],
  ['half a character', 'texts.en', { en: 'Hi \ud83d' }],
  ['a control character', 'texts.en', { en: 'Hi\0' }],
  ['a placeholder without a name', 'texts.en', { en: 'Hi {{}}' }],
  ['a placeholder with blanks', 'texts.en', { en: 'Hi {{ name }}' }],
  ['a placeholder that begins with a digit', 'texts.en', { en: '{{1st}}' }],
  ['a long placeholder', 'texts.en', { en: `{{${'x'.repeat(33)}}}` }],
  ['a placeholder of the name of a parameter of the block', 'texts.en', { en: '{{template}}' }],
  ['braces that do not close', 'texts.en', { en: 'Hi {{name' }],
  ['braces that do not open', 'texts.en', { en: 'Hi name}}' }],
  ['braces in braces', 'texts.en', { en: 'Hi {{{{name}}}}' }],
  ['other placeholders in another language', 'texts.de', { en: '{{agent}}', de: '{{agnet}}' }],
])('%s is rejected, with %s', (_, field, texts) => {
  expect(() => parseTexts(texts)).toThrow(expect.objectContaining({ code: 'INVALID_TEMPLATE', field }));
});

test('the maximum numbers and lengths are accepted', () => {
  const longest = `{{${'p'.repeat(32)}}}`.padEnd(1_600, 'x');
  const languages = Array.from(
    { length: 50 },
    (_, at) => `x${String.fromCharCode(97 + (at % 26))}${at < 26 ? 'a' : 'b'}`,
  );
  const texts = Object.fromEntries(languages.map((language) => [language, longest]));

  expect(Object.keys(parseTexts(texts))).toHaveLength(50);
});

test('a text that was not UTF-8 is rejected', () => {
  expect(() => parseTexts({ en: 'Hi', de: 'Gr\ufffd\ufffde' })).toThrow(
    expect.objectContaining({ code: 'INVALID_UTF8', field: 'texts.de' }),
  );
});

test('placeholders are listed once each, in order', () => {
  expect(placeholdersOf('{{b}} {{a}} {{b}}')).toEqual(['a', 'b']);
});

test.each([
  [['de-AT'], 'de-AT'],
  [['de_at'], 'de-AT'],
  [['de-CH'], 'de'],
  [['deu'], 'de'],
  [[undefined, '', 'de'], 'de'],
  [['fr-FR', 'de'], 'de'],
  [['fr-FR'], 'en'],
  [[], 'en'],
  [['toString'], 'en'],
])('for %j, the language is %s', (tags, language) => {
  const template = { name: 'x', texts: { en: 'Hello', de: 'Hallo', 'de-AT': 'Servus' } };
  expect(selectText(template, tags)).toEqual({ language, text: template.texts[language as 'en'] });
});

test('a language of three letters is not shortened', () => {
  const texts = { fi: 'Hei', fil: 'Kumusta' };
  expect(selectText({ name: 'x', texts }, ['fil-PH'])).toMatchObject({ language: 'fil' });
  expect(selectText({ name: 'x', texts }, ['fi_FI'])).toMatchObject({ language: 'fi' });
});

test('without English, the first language in alphabetical order is used', () => {
  expect(selectText({ name: 'x', texts: { fr: 'Salut', de: 'Hallo' } }, ['es'])).toEqual({
    language: 'de',
    text: 'Hallo',
  });
});

test('parameters replace the placeholders unchanged', () => {
  expect(fillText('{{a}}{{b}}{{a}}', { a: '$& {{b}}', b: '0', more: 'x' })).toBe('$& {{b}}0$& {{b}}');
});

test.each(['', ' ', '\n'])('an empty parameter, %j, is rejected', (agent) => {
  expect(() => fillText('{{agent}} will call', { agent })).toThrow(
    expect.objectContaining({
      code: 'MISSING_PARAMETER',
      message: expect.stringContaining('agent, which is empty'),
    }),
  );
});

test('a missing parameter is named', () => {
  expect(() => fillText('Hi {{toString}}', {})).toThrow(
    expect.objectContaining({ code: 'MISSING_PARAMETER', field: 'toString' }),
  );
});
