import { recordingPrompt, ssmlPrompt, textPrompt } from '#tools/flows/play/prompt.ts';

test('a longer text lasts longer', () => {
  expect(textPrompt('A'.repeat(150)).lastsMs).toBe(10_000);
});

test('of SSML the words are left, and breaks last as long as they say', () => {
  const { text, lastsMs } = ssmlPrompt(
    '<speak>Dial <say-as interpret-as="digits">10</say-as>, please<break time="2s"/> &amp; wait<break time="500ms"/>.</speak>',
  );

  expect(text).toBe('Dial 10, please & wait.');
  expect(lastsMs).toBe(textPrompt(text).lastsMs + 2_500);
});

test('a recording is named', () => {
  expect(recordingPrompt('hold-music').text).toBe('[recording hold-music]');
});
