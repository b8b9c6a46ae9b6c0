import { type FlowLanguage, PROMPTS } from '#core/flows/index.ts';
import type { SwitchboardCall } from '#support/switchboard/switchboard.ts';
import type { CallEnd } from '#tools/flows/play/index.ts';

/** A call as it is written down: who calls and does what, every sentence that is heard, and where it ends. */
export interface Scenario extends SwitchboardCall {
  hears: (string | RegExp)[];
  ends: Partial<CallEnd>;
  /** How the function answered for the last time: a status, or why the flow did not get it. */
  answered?: Partial<Record<FunctionName, string>>;
}

export type FunctionName = 'CallerLookupFunction' | 'ExtensionTransferFunction' | 'NameDirectoryFunction';

/** The calls of one theme, by what is special about each. */
export type Scenarios = Record<string, Scenario>;

/**
 * The shipped sentences of a language: `en('vip')`. What follows or precedes is joined with a space, as the flows do it.
 *
 * @throws when there is no such sentence
 */
export function sentences(language: FlowLanguage): (key: string, after?: string) => string {
  return (key, after) => {
    const sentence = PROMPTS[language][`say_${key}`];
    if (sentence === undefined) throw new Error(`There is no sentence say_${key} in ${language}.`);
    return after === undefined ? sentence : `${sentence} ${after}`;
  };
}

export const en = sentences('en');

/** Whether a call was heard as it is written. */
export function asHeard(hears: Scenario['hears']): unknown[] {
  return hears.map((sentence) => (typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)));
}

/** What a caller hears who goes on to the operator, up to the queue. */
export const TO_OPERATOR = [en('operator'), en('waiting')];
export const WITH_OPERATOR: Partial<CallEnd> = { kind: 'queue', name: 'BasicQueue', answered: true };

/** What is said of an agent whose phone rang for too long. */
export const notAnswering = en('no_answer', en('operator'));

/** What a caller hears who reaches an agent. */
export const ringing = (name: string) => [en('connecting', name), en('ringing')];
export const withAgent = (name: string): Partial<CallEnd> => ({ kind: 'agent', name });
