/** Stands in everything personal; nothing of our own has it by chance. */
export const MARK = 'zqxmark';
export const NUMBER = '+13125550187';
export const SECOND_NUMBER = '+13125550188';

/** The marks as they may be found: as text, as the digits of the numbers in any form, in base64. */
const TRACES = [
  /zqxmark/i,
  /5550187/,
  /555-0187/,
  /5550188/,
  /555-0188/,
  /enF4bWFya/,
  /pxeG1hcm/,
  /6cXhtYXJr/,
  // Keyed on a telephone.
  /9796275/,
];

/** The lines that hold a mark, shortened to where it is. */
export function traces(text: string): string[] {
  return text.split('\n').flatMap((line) =>
    TRACES.flatMap((trace) => {
      const at = line.search(trace);
      return at === -1 ? [] : [line.slice(Math.max(0, at - 200), at + 60)];
    }),
  );
}
