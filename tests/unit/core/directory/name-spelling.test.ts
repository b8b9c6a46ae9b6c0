import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { MAX_SPELLINGS } from '#core/directory/name-rows.ts';
import { spellName } from '#core/directory/name-spelling.ts';

const LETTERS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];

/** The keys of a word on the keypad. */
function keyed(word: string): string {
  return [...word].map((letter) => LETTERS.findIndex((letters) => letters.includes(letter)) + 2).join('');
}

function expectSpelled(firstName: string, lastName: string, words: string[]) {
  expect(spellName({ firstName, lastName })).toEqual([...new Set(words.map(keyed))].sort());
}

test('spells Müller as 685537 and as 6835537', () => {
  expect(spellName({ firstName: 'Eva', lastName: 'Müller' })).toEqual(
    ['382', '685537', '685537382', '6835537', '6835537382'].sort(),
  );
});

test.each([
  ['Jane', 'Roe', ['roe', 'jane', 'roejane']],
  ['Pat', "O'Brien", ['obrien', 'pat', 'obrienpat']],
  ['Pat', 'O’Brien', ['obrien', 'pat', 'obrienpat']],
  // Without the apostrophe, this is the particle de and a name.
  ...["De'Ath", 'De’Ath', 'De‘Ath', 'DeʼAth', 'DeʻAth', 'De`Ath', 'De´Ath'].map(
    (last): [string, string, string[]] => ['Pat', last, ['death', 'pat', 'deathpat']],
  ),
  // The vowels of Hindi and Thai are marks, and belong to their words.
  ['मोहन', 'ใจดี', ['aichdi', 'mohn', 'aichdimohn']],
  ['José', 'García Márquez', ['garciamarquez', 'jose', 'garciamarquezjose']],
  ['Łukasz', 'Wałęsa', ['walesa', 'lukasz', 'walesalukasz']],
  ['Åse', 'Dahl', ['dahl', 'ase', 'aase', 'dahlase', 'dahlaase']],
  ['Ida', 'Sørensen', ['sorensen', 'soerensen', 'ida', 'sorensenida', 'soerensenida']],
  ['Ida', 'Kjær', ['kjaer', 'ida', 'kjaerida']],
  ['Max', 'Weiß', ['weiss', 'max', 'weissmax']],
  ['MAX', 'WEIẞ', ['weiss', 'max', 'weissmax']],
  ['Иван', 'Жуков', ['zhukov', 'ivan', 'zhukovivan']],
  ['Γιώργος', 'Παππάς', ['pappas', 'giorgos', 'pappasgiorgos']],
  ['小明', '王', ['wang', 'xiaoming', 'wangxiaoming']],
  ['민준', '김', ['gim', 'minjun', 'gimminjun']],
  ['Thị Hoa', 'Nguyễn', ['nguyen', 'thihoa', 'nguyenthihoa']],
  ['Jan', 'de Vries', ['devries', 'vries', 'jan', 'devriesjan', 'vriesjan']],
  ['Jan', 'van der Berg', ['vanderberg', 'berg', 'jan', 'vanderbergjan', 'bergjan']],
  ['Noor', 'Al-Hassan', ['alhassan', 'hassan', 'noor', 'alhassannoor', 'hassannoor']],
  ['Anna-Lena', 'Smith-Jones', ['smithjones', 'annalena', 'smithjonesannalena']],
])('spells %s %s by last name, by first name, and by both', (first, last, words) => {
  expectSpelled(first, last, words);
});

test('spells decomposed letters like composed ones', () => {
  const [firstName, lastName] = ['Åse', 'Müller'];

  const inPieces = spellName({ firstName: firstName.normalize('NFD'), lastName: lastName.normalize('NFD') });

  expect(inPieces).toEqual(spellName({ firstName, lastName }));
});

test('keeps digits as keys, except 0 and 1', () => {
  expect(spellName({ firstName: 'Agent 007', lastName: 'R2D2' })).toEqual(
    ['243687', '7232', '7232243687'].sort(),
  );
});

test('ignores signs, emoji, and spaces', () => {
  expectSpelled('  Eva 👩🏽‍💻 ', '🇩🇪 (Roe) "x" ', ['roex', 'eva', 'roexeva']);
});

test('has one spelling for one name, and none for none', () => {
  expectSpelled('', 'Cher', ['cher']);
  expectSpelled('Cher', '', ['cher']);
  expectSpelled('', '', []);
  expectSpelled('🎉', '---', []);
});

test('has no spelling with fewer than three keys', () => {
  expectSpelled('Bo', 'Ng', ['ngbo']);
  expectSpelled('', 'Ng', []);
});

test('keeps the particles of a last name without other words', () => {
  expectSpelled('Ana', 'Van', ['van', 'ana', 'vanana']);
});

test('keeps the first 32 keys of a long name', () => {
  const spellings = spellName({ firstName: 'a'.repeat(100), lastName: 'd'.repeat(100) });

  expect(spellings).toEqual(['2'.repeat(32), '3'.repeat(32)]);
});

test('the examples in docs/names.md are correct', () => {
  const text = readFileSync('docs/names.md', 'utf8');
  const examples = [...text.matchAll(/^\| (\p{Lu}[^,|]+?)(?:,[^|]+)? \| (`\d.+) \|$/gmu)];

  expect(examples).toHaveLength(5);
  for (const [, name = '', keys = ''] of examples) {
    const [firstName = '', ...rest] = name.split(' ');
    const promised = [...keys.matchAll(/`(\d+)`/g)].map(([, spelling]) => spelling);
    expect(spellName({ firstName, lastName: rest.join(' ') })).toEqual(promised.sort());
  }
});

test('every name has at most MAX_SPELLINGS distinct spellings that a keypad can enter', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom('van', 'de', 'Müller', 'Åsa', "O'Brien", '王', '-', ' ', '👩🏽‍💻'),
  );
  const name = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));

  fc.assert(
    fc.property(name, name, (firstName, lastName) => {
      const spellings = spellName({ firstName, lastName });
      expect(spellings.length).toBeLessThanOrEqual(MAX_SPELLINGS);
      expect(new Set(spellings).size).toBe(spellings.length);
      for (const spelling of spellings) expect(spelling).toMatch(/^[2-9]{3,32}$/);
    }),
  );
});
