export {
  createDispatcher,
  type Dispatcher,
  type DispatcherEnv,
  type DispatcherParts,
} from './create-dispatcher.ts';
export type { DueResult } from './due-messages.ts';
export { isWakeUp } from './wake-up.ts';
