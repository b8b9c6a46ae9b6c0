/** The estimated speed of a synthetic voice. */
const CHARACTERS_PER_SECOND = 15;
/** The length of a recording is unknown. */
const RECORDING_MS = 5_000;

/** A prompt: a text or a recording. */
export interface Prompt {
  text: string;
  lastsMs: number;
}

/** A text that a synthetic voice speaks. */
export function textPrompt(text: string): Prompt {
  return { text, lastsMs: Math.ceil((text.length / CHARACTERS_PER_SECOND) * 1_000) };
}

/** Removes the tags of SSML, and adds the durations of its breaks. */
export function ssmlPrompt(ssml: string): Prompt {
  const pauses = [...ssml.matchAll(/<break\s[^>]*time="(\d+)(ms|s)"/g)];
  const pauseMs = pauses.reduce((sum, [, time, unit]) => sum + Number(time) * (unit === 's' ? 1_000 : 1), 0);
  const text = unescaped(ssml.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  const spoken = textPrompt(text.replace(/ (?=[.,;:!?])/g, ''));
  return { ...spoken, lastsMs: spoken.lastsMs + pauseMs };
}

/** A recording in the instance or in S3. */
export function recordingPrompt(name: string): Prompt {
  return { text: `[recording ${name}]`, lastsMs: RECORDING_MS };
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name] ?? '');
}
