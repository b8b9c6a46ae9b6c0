declare module 'split-sms' {
  /** @param options `summary` omits the texts of the parts */
  export function split(
    message: string,
    options?: { summary?: boolean },
  ): { characterSet: 'GSM' | 'Unicode'; parts: { bytes: number; length: number }[] };
}
