import de from '@switchboard/flows/prompts/de.json' with { type: 'json' };
import en from '@switchboard/flows/prompts/en.json' with { type: 'json' };
import es from '@switchboard/flows/prompts/es.json' with { type: 'json' };
import fr from '@switchboard/flows/prompts/fr.json' with { type: 'json' };

/** The languages that have a table of prompts. */
export type FlowLanguage = 'en' | 'es' | 'de' | 'fr';

/** The sentences that callers of one language hear, by the name of the contact attribute. */
export type PromptTable = Record<string, string>;

/** The shipped tables. A test checks that all of them have the same keys. */
export const PROMPTS: Record<FlowLanguage, PromptTable> = { en, es, de, fr };

export const FLOW_LANGUAGES = Object.keys(PROMPTS) as FlowLanguage[];

/**
 * The Amazon Polly voices that speak them. Each has a neural engine, see
 * https://docs.aws.amazon.com/polly/latest/dg/available-voices.html
 */
export const VOICES: Record<FlowLanguage, { voice: string; languageCode: string }> = {
  en: { voice: 'Joanna', languageCode: 'en-US' },
  es: { voice: 'Lucia', languageCode: 'es-ES' },
  de: { voice: 'Vicki', languageCode: 'de-DE' },
  fr: { voice: 'Lea', languageCode: 'fr-FR' },
};
