export { createInboundTexts, type InboundTextsEnv } from './inbound.ts';
export { type Intent, intentOf } from './opt-out-keywords.ts';
export {
  isOptedOut,
  type OptOut,
  type OptOutSource,
  type OptOutStore,
  readOptOut,
  writeOptOut,
} from './opt-out-store.ts';
export { optOutRoutes } from './routes.ts';
