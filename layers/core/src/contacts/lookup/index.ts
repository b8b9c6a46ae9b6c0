export { type CallerLookupEnv, callerAnswer, createCallerLookup } from './caller.ts';
export type { LookupSource } from './find.ts';
export {
  createLookup,
  type Lookup,
  type LookupAnswer,
  type LookupOptions,
  lookupMany,
  lookupSource,
} from './lookup.ts';
