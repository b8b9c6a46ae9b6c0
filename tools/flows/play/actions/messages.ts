import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import { resolveText } from '#tools/flows/play/flow/references.ts';
import { type Prompt, recording, spokenSsml, spokenText } from '#tools/flows/play/prompt.ts';
import { isObject, objectAt, textAt } from '#tools/json.ts';
import { done, failed, type Outcome, type Played, wholeNumber } from './action.ts';

/** A day; Connect's own limit is not documented. */
const LONGEST_INTERRUPT_SECONDS = 86_400;

export function messageParticipant(played: Played): Outcome {
  const prompt = promptOf(played);
  if (!prompt) throw new FlowError('It says nothing: one of Text, SSML, PromptId and Media is needed.');
  const { contact } = played.call;
  if (contact.channel !== 'VOICE' && played.action.parameters.Text === undefined) {
    return failed('only a Text can be written to somebody');
  }
  played.call.say(prompt);
  return done;
}

/** Repeats its messages until the interrupt, or for as long as the caller waits. */
export function messageIteratively(played: Played): Outcome {
  const { call, action } = played;
  if (call.contact.channel !== 'VOICE') return failed('it is for telephone calls only');
  const prompts = messagesOf(played);
  const interrupt = textAt(action.parameters, 'InterruptFrequencySeconds');
  for (const { text } of prompts) call.record({ type: 'said', text, repeated: true });
  call.lastWords = prompts.at(-1)?.text;
  call.silentLambdaMs = 0;
  call.advance(interrupt === undefined ? Number.POSITIVE_INFINITY : secondsOf(interrupt) * 1_000);
  return { kind: 'result', value: 'MessagesInterrupted' };
}

function secondsOf(interrupt: string): number {
  return wholeNumber(interrupt, 'InterruptFrequencySeconds', 1, LONGEST_INTERRUPT_SECONDS);
}

function messagesOf(played: Played): Prompt[] {
  const { Messages } = played.action.parameters;
  const messages = Array.isArray(Messages) ? Messages.filter(isObject) : [];
  const prompts = messages.flatMap((message) => promptOf(played, message) ?? []);
  if (prompts.length === 0) throw new FlowError('Messages holds nothing to say.');
  return prompts;
}

/**
 * What an action says: its Text, SSML, PromptId or Media, of which there may be one.
 *
 * @throws {FlowError} when there are several
 */
export function promptOf(played: Played, parameters = played.action.parameters): Prompt | undefined {
  const data = played.call.data();
  const media = textAt(objectAt(parameters, 'Media'), 'Uri');
  const [text, ssml, prompt] = ['Text', 'SSML', 'PromptId'].map((name) => textAt(parameters, name));
  const given = [text, ssml, prompt, media].filter((one) => one !== undefined);
  if (given.length > 1) throw new FlowError('There may be one of Text, SSML, PromptId and Media.');
  if (text !== undefined) return spokenText(resolveText(text, data));
  if (ssml !== undefined) return spokenSsml(resolveText(ssml, data));
  const name = prompt ?? media;
  return name === undefined ? undefined : recording(resolveText(name, data));
}
