/** About how fast a synthetic voice speaks; the time of a call is an estimate anyway. */
const CHARACTERS_PER_SECOND = 15;
/** The length of a recording is unknown. */
const RECORDING_MS = 5_000;

/** What the caller hears: a text, or a recording. */
export interface Prompt {
  text: string;
  lastsMs: number;
}

/** A text that is read out. */
export function textPrompt(text: string): Prompt {
  return { text, lastsMs: Math.ceil((text.length / CHARACTERS_PER_SECOND) * 1_000) };
}

/** SSML: its tags are left out, and its breaks last as long as they say. */
export function ssmlPrompt(ssml: string): Prompt {
  const pauses = [...ssml.matchAll(/<break\s[^>]*time="(\d+)(ms|s)"/g)];
  const pauseMs = pauses.reduce((sum, [, time, unit]) => sum + Number(time) * (unit === 's' ? 1_000 : 1), 0);
  const text = unescaped(ssml.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  const spoken = textPrompt(text.replace(/ (?=[.,;:!?])/g, ''));
  return { ...spoken, lastsMs: spoken.lastsMs + pauseMs };
}

/** A recording of the instance, or one in S3. */
export function recordingPrompt(name: string): Prompt {
  return { text: `[recording ${name}]`, lastsMs: RECORDING_MS };
}

function unescaped(text: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name] ?? '');
}
