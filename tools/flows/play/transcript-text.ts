import type { CallEnd, CallEvent, LambdaEvent, Transcript } from './transcript.ts';

/** Longer values are truncated: a function can return 32 KB. */
const MAX_VALUE_LENGTH = 60;

/** Formats a call as text: one line with the time for each event. */
export function formatTranscript(transcript: Transcript): string[] {
  const { from, to, channel, events, end, durationMs, unusedKeys } = transcript;
  const begins = channel === 'VOICE' ? `${from} calls ${to}` : `a chat starts to ${to}`;
  return [
    line(0, 'call', begins),
    ...events.flatMap((event) => eventLines(event)),
    line(durationMs, 'end', formatEnd(end)),
    ...(unusedKeys.length > 0 ? [`Unused keys: ${unusedKeys.join(' ')}`] : []),
  ];
}

function eventLines(event: CallEvent): string[] {
  switch (event.type) {
    case 'flow':
      return [line(event.at, 'flow', event.flow)];
    case 'said':
      return [line(event.at, event.question ? 'asks' : 'says', `${quoted(event.text)}${manner(event)}`)];
    case 'keyed':
      return [line(event.at, 'keys', keyedText(event))];
    case 'lambda':
      return [line(event.at, 'lambda', lambdaText(event)), ...answerLines(event)];
    case 'checked':
      return [line(event.at, 'checks', `${event.metric} of ${event.of}: ${event.value}`)];
    case 'waits':
      return [
        line(event.at, 'waits', event.for === 'agent' ? `for ${event.name}` : `in the queue ${event.name}`),
      ];
    case 'error':
      return [line(event.at, 'error', `${event.errorType} at "${event.action}": ${event.why}`)];
  }
}

function line(at: number, what: string, text: string): string {
  const seconds = Math.floor(at / 1_000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `${clock.padStart(5)}  ${what.padEnd(7)} ${text}`;
}

function quoted(text: string): string {
  return `"${text.trim()}"`;
}

function manner({ interrupted, repeated }: { interrupted?: true; repeated?: true }): string {
  if (interrupted) return ' (interrupted by a key)';
  return repeated ? ' (repeats)' : '';
}

function keyedText({ keys, outcome, unused }: Extract<CallEvent, { type: 'keyed' }>): string {
  const what = outcome === 'timeout' ? 'nothing in time' : keys;
  return unused === undefined ? what : `${what} (unused: ${unused})`;
}

function lambdaText(event: LambdaEvent): string {
  const attempts = event.attempts > 1 ? ` in ${event.attempts} attempts` : '';
  const asked = Object.entries(event.parameters).map(([key, value]) => `${key}=${short(value)}`);
  const parameters = asked.length > 0 ? ` (${asked.join(', ')})` : '';
  const what = `${event.function}${parameters} ran ${event.durationMs} ms${attempts}`;
  return event.why === undefined ? what : `${what}: ${event.why}`;
}

function answerLines({ answer = {} }: LambdaEvent): string[] {
  return Object.entries(answer)
    .filter(([, value]) => value !== '')
    .map(
      ([key, value]) =>
        `${' '.repeat(17)}${key} = ${short(typeof value === 'string' ? value : JSON.stringify(value))}`,
    );
}

function short(value: string): string {
  return value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)} …` : value;
}

/** Formats the end of a call. */
export function formatEnd(end: CallEnd): string {
  switch (end.kind) {
    case 'agent':
      return `${end.name} answers after ${end.waitedSeconds} s`;
    case 'queue':
      return end.answered
        ? `an agent of ${end.name} answers after ${end.waitedSeconds} s`
        : `still in the queue ${end.name} after ${end.waitedSeconds} s`;
    case 'agent-queue':
      return `still waiting for ${end.name} after ${end.waitedSeconds} s`;
    case 'goodbye':
      return `the flow hangs up after ${quoted(end.text)}`;
    case 'cut-off':
      return `cut off: ${end.why}`;
    case 'hang-up':
      return `the caller hangs up (${end.during})`;
    case 'error':
      return `the flow is invalid. ${end.message}`;
  }
}
