import { replaceNameRows } from '#core/directory/name-rows.ts';

const key = (keys: string) => ({ pk: `NAME#${keys.slice(0, 3)}`, sk: `${keys}#a` });

test('from one set of spellings to another only what differs is written', () => {
  expect(replaceNameRows('directory', 'a', ['763', '5263'], ['763', '3863'])).toEqual([
    { Delete: { TableName: 'directory', Key: key('5263') } },
    { Put: { TableName: 'directory', Item: key('3863') } },
  ]);
});

test('nothing is written when nothing differs', () => {
  expect(replaceNameRows('directory', 'a', ['763'], ['763'])).toEqual([]);
});
