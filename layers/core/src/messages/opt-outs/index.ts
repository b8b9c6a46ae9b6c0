// Who wants no texts: what people text back, and what operators enter.
export { type InboundTextsEnv, inboundTexts } from './inbound.ts';
export { type Wish, wishOf } from './opt-out-keywords.ts';
export { optOutRoutes } from './routes.ts';
export {
  type OptOut,
  type OptOutSource,
  type OptOutStore,
  optedOut,
  readOptOut,
  writeOptOut,
} from './store.ts';
