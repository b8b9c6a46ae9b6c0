export { ANSWER_KEYS, ANSWER_STATUSES, FUNCTION_PARAMETERS } from './contracts.ts';
export type {
  Flow,
  FlowAction,
  FlowCondition,
  FlowError,
  FlowTransitions,
  FlowType,
  FlowValue,
} from './flow-types.ts';
export { FLOW_LANGUAGES, type FlowLanguage, PROMPTS, type PromptTable, VOICES } from './prompts.ts';
export {
  computeFlowRevision,
  type FlowValues,
  formatFlowName,
  LANGUAGE_ATTRIBUTE,
  renderFlow,
} from './render.ts';
export { type FlowName, SHIPPED_FLOWS, type ShippedFlow } from './shipped.ts';
