import { replaceNameRows } from '#core/directory/name-rows.ts';

const key = (keys: string) => ({ pk: `NAME#${keys.slice(0, 3)}`, sk: `${keys}#a` });

test('writes only the rows that differ', () => {
  expect(replaceNameRows('directory', 'a', ['763', '5263'], ['763', '3863'])).toEqual([
    { Delete: { TableName: 'directory', Key: key('5263') } },
    { Put: { TableName: 'directory', Item: key('3863') } },
  ]);
});

test('writes nothing when no row differs', () => {
  expect(replaceNameRows('directory', 'a', ['763'], ['763'])).toEqual([]);
});
