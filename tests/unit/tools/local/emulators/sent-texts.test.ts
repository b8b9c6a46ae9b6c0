import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '#support/folder.ts';
import { createSentTexts } from '#tools/local/emulators/sent-texts.ts';

const text = (messageId: string) => ({
  messageId,
  at: '2026-01-01T00:00:00.000Z',
  from: '+16135550100',
  to: '+14155550100',
  content: 'Hello',
  type: 'TRANSACTIONAL',
});

let dataDir: string;
beforeEach(() => {
  dataDir = newFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const file = () => join(dataDir, 'sms.ndjson');
const lines = () => readFileSync(file(), 'utf8').trimEnd().split('\n').length;

test('memory and file do not grow without limit', () => {
  const texts = createSentTexts(dataDir, 3);
  for (let at = 1; at <= 20; at += 1) texts.add(text(`m-${at}`));

  expect(texts.all().at(-1)).toEqual(text('m-20'));
  expect(texts.all().length).toBeLessThanOrEqual(6);
  expect(lines()).toBe(texts.all().length);
  expect(
    createSentTexts(dataDir, 3)
      .all()
      .map(({ messageId }) => messageId),
  ).toEqual(['m-18', 'm-19', 'm-20']);
});

test('only the owner can read the file, even an existing one', () => {
  createSentTexts(dataDir).add(text('m-1'));
  expect(statSync(file()).mode & 0o777).toBe(0o600);

  rmSync(file());
  writeFileSync(file(), '', { mode: 0o644 });
  createSentTexts(dataDir);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});
