import type { Flow, FlowAction } from '#core/flows/index.ts';
import { createPictures } from '#tools/flows/draw/blocks.ts';

const flow = (...Actions: FlowAction[]): Flow => ({
  Version: '2019-10-30',
  StartAction: Actions[0]?.Identifier ?? '',
  Actions,
});

const say = (Identifier: string, NextAction: string, error = NextAction): FlowAction => ({
  Identifier,
  Type: 'MessageParticipant',
  Parameters: { Text: 'Hello.' },
  Transitions: { NextAction, Errors: [{ NextAction: error, ErrorType: 'NoMatchingError' }] },
});

const decide = (Identifier: string, yes: string, otherwise: string): FlowAction => ({
  Identifier,
  Type: 'Compare',
  Parameters: { ComparisonValue: '$.External.status' },
  Transitions: {
    NextAction: otherwise,
    Conditions: [{ NextAction: yes, Condition: { Operator: 'Equals', Operands: ['FOUND'] } }],
    Errors: [{ NextAction: otherwise, ErrorType: 'NoMatchingCondition' }],
  },
});

const end: FlowAction = { Identifier: 'bye', Type: 'DisconnectParticipant', Parameters: {}, Transitions: {} };

const ids = ({ blocks }: { blocks: { rows: { identifier: string }[] }[] }) =>
  blocks.map(({ rows }) => rows.map(({ identifier }) => identifier));

test('puts actions that follow one another into one box', () => {
  const { main, afterErrors } = createPictures(flow(say('hello', 'again'), say('again', 'bye'), end));

  expect(ids(main)).toEqual([['hello', 'again', 'bye']]);
  expect(main.arrows).toEqual([]);
  expect(afterErrors.blocks).toEqual([]);
});

test('labels an arrow with its condition, and the other one with "otherwise"', () => {
  const { main } = createPictures(flow(decide('known', 'hello', 'bye'), say('hello', 'bye'), end));

  expect(main.arrows).toEqual([
    { from: 'known', to: 'hello', label: 'FOUND', error: false },
    { from: 'known', to: 'bye', label: 'otherwise', error: false },
    { from: 'hello', to: 'bye', label: '', error: false },
  ]);
});

test('says in the box where an error leads, and draws what only errors lead to apart', () => {
  const { main, afterErrors } = createPictures(flow(say('hello', 'bye', 'sorry'), say('sorry', 'bye'), end));

  expect(main.blocks.flatMap(({ rows }) => rows.flatMap(({ errors }) => errors))).toEqual(['error: sorry']);
  expect(ids(afterErrors)).toEqual([['sorry']]);
  expect(afterErrors.blocks[0]?.rows[0]?.lines).toEqual(['“Hello.”', 'then bye']);
});

test('says in the box that a way leads back', () => {
  const { main } = createPictures(
    flow(say('hello', 'known'), decide('known', 'bye', 'again'), say('again', 'known'), end),
  );

  expect(main.blocks.find(({ id }) => id === 'again')?.rows[0]?.lines).toEqual(['“Hello.”', 'back to known']);
  expect(main.arrows.map(({ from, to }) => `${from} ${to}`)).not.toContain('again known');
});

test('draws the same for three languages only once', () => {
  const languages = ['en', 'es', 'de'];
  const set = (language: string): FlowAction => ({
    Identifier: language,
    Type: 'UpdateContactData',
    Parameters: { LanguageCode: language },
    Transitions: { NextAction: 'bye', Errors: [{ NextAction: 'bye', ErrorType: 'NoMatchingError' }] },
  });
  const choose: FlowAction = {
    Identifier: 'choose',
    Type: 'Compare',
    Parameters: { ComparisonValue: '$.External.language' },
    Transitions: {
      NextAction: 'bye',
      Conditions: languages.map((language) => ({
        NextAction: language,
        Condition: { Operator: 'Equals', Operands: [language] },
      })),
      Errors: [{ NextAction: 'bye', ErrorType: 'NoMatchingCondition' }],
    },
  };

  const { main } = createPictures(flow(choose, ...languages.map(set), end));

  expect(ids(main)).toEqual([['choose'], ['en, es, de'], ['bye']]);
  expect(main.arrows[0]).toEqual({ from: 'choose', to: 'en', label: 'en, es, de', error: false });
});
