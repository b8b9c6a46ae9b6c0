import anyAscii from 'any-ascii';
import { FEWEST_KEYS, keysOf, MOST_KEYS } from './keypad.ts';

/*
 * Which keys find an agent; docs/names.md says it for people. Only the sync loads this file: the tables of any-ascii
 * are half a megabyte. Whoever changes what is found raises RULES in ../fingerprint.
 */

/** How German and the Nordic languages write their letters without them; any-ascii drops the dots and rings. */
const IN_FULL: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' };

/** Words that a last name may begin with and that a caller may leave out. */
const PARTICLES = new Set(
  (
    'af al av bin da das de degli dei del della den der di do dos du el ibn la las le les los op t te ten ter van ' +
    'vom von zu zum zur'
  ).split(' '),
);

/**
 * Every spelling of an agent, as keys: the last name, the first name, the last and the first name together.
 *
 * @returns sorted, none twice, at most `MOST_SPELLINGS`; empty when there is nothing that could be keyed
 */
export function spell({ firstName, lastName }: { firstName: string; lastName: string }): string[] {
  const first = variants(firstName).map(keysOfWords);
  const last = variants(lastName).flatMap((words) => [words, withoutParticles(words)].map(keysOfWords));
  const both = last.flatMap((start) => first.map((end) => start + end));
  const spellings = [...last, ...first, ...both].map((keys) => keys.slice(0, MOST_KEYS));
  return [...new Set(spellings)].filter((keys) => keys.length >= FEWEST_KEYS).sort();
}

/** The words of a name in plain letters: umlauts dropped, and umlauts in full. */
function variants(name: string): string[][] {
  const lower = name.normalize('NFC').toLowerCase();
  const inFull = lower.replace(/[äöüåø]/g, (letter) => IN_FULL[letter] ?? letter);
  return [lower, inFull].map(wordsOf);
}

/** Apostrophes join, so that De'Ath does not begin with a particle; all else that is neither letter nor number parts. */
function wordsOf(name: string): string[] {
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

function keysOfWords(words: string[]): string {
  return keysOf(words.join(''));
}
