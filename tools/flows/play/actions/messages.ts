import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import { resolveText } from '#tools/flows/play/flow/references.ts';
import { type Prompt, recordingPrompt, ssmlPrompt, textPrompt } from '#tools/flows/play/prompt.ts';
import { isObject, objectAt, textAt } from '#tools/json.ts';
import { type ActionContext, type ActionOutcome, DONE, failed, wholeNumber } from './action.ts';

/** One day. Connect does not document its limit. */
const MAX_INTERRUPT_SECONDS = 86_400;

export function messageParticipant(context: ActionContext): ActionOutcome {
  const prompt = resolvePrompt(context);
  if (!prompt) throw new FlowError('The action plays nothing. Set one of Text, SSML, PromptId, and Media.');
  const { contact } = context.call;
  if (contact.channel !== 'VOICE' && context.action.parameters.Text === undefined) {
    return failed('a chat supports only Text');
  }
  context.call.say(prompt);
  return DONE;
}

/** Repeats its messages until the interrupt, or while the caller waits. */
export function messageIteratively(context: ActionContext): ActionOutcome {
  const { call, action } = context;
  if (call.contact.channel !== 'VOICE') return failed('the action supports only voice calls');
  const prompts = messagesOf(context);
  const interrupt = textAt(action.parameters, 'InterruptFrequencySeconds');
  for (const { text } of prompts) call.record({ type: 'said', text, repeated: true });
  call.lastMessage = prompts.at(-1)?.text;
  call.lambdaMsSincePrompt = 0;
  call.advance(interrupt === undefined ? Number.POSITIVE_INFINITY : secondsOf(interrupt) * 1_000);
  return { kind: 'result', value: 'MessagesInterrupted' };
}

function secondsOf(interrupt: string): number {
  return wholeNumber(interrupt, 'InterruptFrequencySeconds', 1, MAX_INTERRUPT_SECONDS);
}

function messagesOf(context: ActionContext): Prompt[] {
  const { Messages } = context.action.parameters;
  const messages = Array.isArray(Messages) ? Messages.filter(isObject) : [];
  const prompts = messages.flatMap((message) => resolvePrompt(context, message) ?? []);
  if (prompts.length === 0) throw new FlowError('Messages is empty. Add a message.');
  return prompts;
}

/**
 * Resolves the prompt of an action: its Text, SSML, PromptId, or Media.
 *
 * @throws {FlowError} if the action has several of them
 */
export function resolvePrompt(
  context: ActionContext,
  parameters = context.action.parameters,
): Prompt | undefined {
  const data = context.call.data();
  const media = textAt(objectAt(parameters, 'Media'), 'Uri');
  const [text, ssml, prompt] = ['Text', 'SSML', 'PromptId'].map((name) => textAt(parameters, name));
  const given = [text, ssml, prompt, media].filter((one) => one !== undefined);
  if (given.length > 1)
    throw new FlowError('The action has several prompts. Set one of Text, SSML, PromptId, and Media.');
  if (text !== undefined) return textPrompt(resolveText(text, data));
  if (ssml !== undefined) return ssmlPrompt(resolveText(ssml, data));
  const name = prompt ?? media;
  return name === undefined ? undefined : recordingPrompt(resolveText(name, data));
}
