import { createAnswerCache } from '#core/contacts/lookup/answer-cache.ts';

it('tells what it was last told', () => {
  const answers = createAnswerCache<number>({ size: 2, maxAgeMs: 10 });
  answers.set('a', 1);
  answers.set('a', 2);

  expect(answers.get('a')).toBe(2);
  expect(answers.get('b')).toBeUndefined();
});

it('forgets the least recently used answer when it is full', () => {
  const answers = createAnswerCache<number>({ size: 2, maxAgeMs: 10 });
  answers.set('a', 1);
  answers.set('b', 2);
  answers.get('a');
  answers.set('c', 3);

  expect([answers.get('a'), answers.get('b'), answers.get('c')]).toEqual([1, undefined, 3]);
});

it('tells no answer that is too old, however often it is asked', () => {
  let time = 0;
  const answers = createAnswerCache<number>({ size: 2, maxAgeMs: 10, now: () => time });
  answers.set('a', 1);

  time = 10;
  expect(answers.get('a')).toBe(1);
  time = 11;
  expect(answers.get('a')).toBeUndefined();
});

it('forgets what it is told to forget', () => {
  const answers = createAnswerCache<number>({ size: 2, maxAgeMs: 10 });
  answers.set('a', 1);
  answers.delete('a');

  expect(answers.get('a')).toBeUndefined();
});

it('does not keep what it may not tell any more', () => {
  let time = 0;
  const answers = createAnswerCache<number>({ size: 10, maxAgeMs: 10, now: () => time });
  answers.set('a', 1);
  time = 11;
  answers.set('b', 2);

  expect(answers.size).toBe(1);
});
