export { buildCallerAnswer, type CallerLookupEnv, createCallerLookup } from './create-caller-lookup.ts';
export type { FallbackQuery, FallbackSource } from './fallback.ts';
export type { ContactMatches, LookupIndex } from './find-contacts.ts';
export {
  createLookup,
  createLookupIndex,
  type Lookup,
  type LookupAnswer,
  type LookupOptions,
  lookUpBatch,
} from './lookup.ts';
