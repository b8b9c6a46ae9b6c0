import { FlowError } from '#tools/flows/player/flow/error.ts';
import { resolveText } from '#tools/flows/player/flow/references.ts';
import { type Prompt, recording, spokenSsml, spokenText } from '#tools/flows/player/spoken.ts';
import { objectAt, textAt } from '#tools/local/template/index.ts';
import type { Played } from './action.ts';

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
