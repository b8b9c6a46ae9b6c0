import { countSegments } from '#core/messages/acceptance/segments.ts';

test.each([
  ['one character', 'x', 1, 'GSM-7'],
  ['160 characters', 'x'.repeat(160), 1, 'GSM-7'],
  ['161 characters', 'x'.repeat(161), 2, 'GSM-7'],
  ['306 characters', 'x'.repeat(306), 2, 'GSM-7'],
  ['307 characters', 'x'.repeat(307), 3, 'GSM-7'],
  ['letters that GSM has', 'Größe: 5 £, Åland, ÄÖÜ, ΔΩ, ñ, à', 1, 'GSM-7'],
  ['80 signs of the extension table', '€'.repeat(80), 1, 'GSM-7'],
  ['81 signs of the extension table', '€'.repeat(81), 2, 'GSM-7'],
  ['brackets and a tilde', '[~]{^}|\\', 1, 'GSM-7'],
  // The sign would take the places 153 and 154, so it begins the second part, and the third begins one place earlier.
  ['an extension sign where a part ends', `${'x'.repeat(152)}€${'x'.repeat(152)}`, 3, 'GSM-7'],
  ['70 characters outside GSM', 'я'.repeat(70), 1, 'UCS-2'],
  ['71 characters outside GSM', 'я'.repeat(71), 2, 'UCS-2'],
  ['35 emoji', '😀'.repeat(35), 1, 'UCS-2'],
  ['36 emoji', '😀'.repeat(36), 2, 'UCS-2'],
  // 67 places hold 33 emoji and a half, and none is cut.
  ['67 emoji', '😀'.repeat(67), 3, 'UCS-2'],
  ['one emoji in a long text', `${'x'.repeat(69)}😀`, 2, 'UCS-2'],
  ['a letter that GSM has not', 'ç', 1, 'UCS-2'],
  ['a backtick', '`', 1, 'UCS-2'],
  ['the longest text', 'x'.repeat(1_600), 11, 'GSM-7'],
  ['the longest text outside GSM', 'я'.repeat(1_600), 24, 'UCS-2'],
])('%s', (_, content, segments, encoding) => {
  expect(countSegments(content)).toEqual({ segments, encoding });
});

test('only the GSM alphabet and its extension table are GSM-7', () => {
  const basic =
    '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
  const extension = '\f^{}\\[~]|€';
  const known = new Set([...basic, ...extension]);

  for (let code = 0; code <= 0xffff; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCharCode(code);
    const { encoding } = countSegments(character);
    if ((encoding === 'GSM-7') !== known.has(character))
      throw new Error(`U+${code.toString(16)} is ${encoding}`);
  }
});
