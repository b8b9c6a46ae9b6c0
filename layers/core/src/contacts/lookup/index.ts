export { buildCallerAnswer, type CallerLookupEnv, createCallerLookup } from './caller.ts';
export type { LookupIndex } from './find-contacts.ts';
export {
  createLookup,
  createLookupIndex,
  type Lookup,
  type LookupAnswer,
  type LookupOptions,
  lookUpBatch,
} from './lookup.ts';
