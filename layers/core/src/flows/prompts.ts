import de from '@switchboard/flows/prompts/de.json' with { type: 'json' };
import en from '@switchboard/flows/prompts/en.json' with { type: 'json' };
import es from '@switchboard/flows/prompts/es.json' with { type: 'json' };
import fr from '@switchboard/flows/prompts/fr.json' with { type: 'json' };

/** The languages that there is a table of prompts for. */
export type FlowLanguage = 'en' | 'es' | 'de' | 'fr';

/** What the callers of one language hear: the name of a contact attribute, and the sentence. */
export type PromptTable = Record<string, string>;

/** The shipped tables. All of them have the same keys; a test holds that. */
export const PROMPTS: Record<FlowLanguage, PromptTable> = { en, es, de, fr };

/**
 * Who speaks them. The voices are Amazon Polly's, each of which has a neural engine, see
 * https://docs.aws.amazon.com/polly/latest/dg/available-voices.html
 */
export const VOICES: Record<FlowLanguage, { voice: string; languageCode: string }> = {
  en: { voice: 'Joanna', languageCode: 'en-US' },
  es: { voice: 'Lucia', languageCode: 'es-ES' },
  de: { voice: 'Vicki', languageCode: 'de-DE' },
  fr: { voice: 'Lea', languageCode: 'fr-FR' },
};
