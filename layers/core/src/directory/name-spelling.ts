import anyAscii from 'any-ascii';
import { MAX_NAME_KEYS, MIN_NAME_KEYS, toKeypadKeys } from './keypad.ts';

/*
 * Which keys find an agent; docs/names.md explains it to people. Only the sync loads this file, because the tables of
 * any-ascii are half a megabyte. When you change the spellings, raise FINGERPRINT_VERSION in agents.ts.
 */

/** How German and the Nordic languages write their letters in ASCII. any-ascii drops the dots and rings. */
const TRANSLITERATIONS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };

/** Words at the beginning of a last name that a caller may leave out. */
const PARTICLES = new Set(
  (
    'af al av bin da das de degli dei del della den der di do dos du el ibn la las le les los op t te ten ter van ' +
    'vom von zu zum zur'
  ).split(' '),
);

/**
 * Every spelling of an agent, as keys: the last name, the first name, the last and the first name together.
 *
 * @returns sorted, none twice, at most `MAX_SPELLINGS`; empty when there is nothing that could be keyed
 */
export function spellName({ firstName, lastName }: { firstName: string; lastName: string }): string[] {
  const first = spellingVariants(firstName).map(wordsToKeys);
  const last = spellingVariants(lastName).flatMap((words) =>
    [words, withoutParticles(words)].map(wordsToKeys),
  );
  const both = last.flatMap((start) => first.map((end) => start + end));
  const spellings = [...last, ...first, ...both].map((keys) => keys.slice(0, MAX_NAME_KEYS));
  return [...new Set(spellings)].filter((keys) => keys.length >= MIN_NAME_KEYS).sort();
}

/** The words of a name in ASCII: once without umlauts, once with umlauts written out. */
function spellingVariants(name: string): string[][] {
  const lower = name.normalize('NFC').toLowerCase();
  const writtenOut = lower.replace(/[äöüåø]/g, (letter) => TRANSLITERATIONS[letter] ?? letter);
  return [lower, writtenOut].map(splitWords);
}

/** An apostrophe joins (De'Ath does not begin with a particle). Every other character that is no letter or number separates. */
function splitWords(name: string): string[] {
  return name
    .replace(/['’‘ʼʻ`´]/g, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map((word) =>
      anyAscii(word)
        .toLowerCase()
        .replace(/[^a-z0-9]/g, ''),
    )
    .filter((word) => word !== '');
}

function withoutParticles(words: string[]): string[] {
  const start = words.findIndex((word) => !PARTICLES.has(word));
  return start === -1 ? words : words.slice(start);
}

function wordsToKeys(words: string[]): string {
  return toKeypadKeys(words.join(''));
}
