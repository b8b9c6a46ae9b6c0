import { PROMPTS } from '@switchboard/core/flows';

const keys = Object.keys(PROMPTS.en);

test.each(Object.entries(PROMPTS))('the table %s has the sentences that all tables have', (_, table) => {
  expect(Object.keys(table)).toEqual(keys);
});

test.each(Object.entries(PROMPTS))(
  'no sentence of %s is empty, interpolated or left in English',
  (language, table) => {
    for (const [key, sentence] of Object.entries(table)) {
      expect(sentence.trim()).toBe(sentence);
      expect(sentence).not.toMatch(/^$|\$/);
      if (language !== 'en') expect(sentence).not.toBe(PROMPTS.en[key]);
    }
  },
);

test.each(Object.entries(PROMPTS))(
  'the table %s leaves room in the 32 KB of contact attributes',
  (_, table) => {
    expect(Buffer.byteLength(JSON.stringify(table))).toBeLessThan(8 * 1024);
  },
);
