export type { ConnectSender } from './client.ts';
export { createConnectClient } from './client.ts';
export { type Connect, createConnect } from './connect.ts';
export { findShippedFlow } from './contact-flows.ts';
export { isRefused } from './errors.ts';
export {
  associateFlow,
  claimPhoneNumber,
  describePhoneNumber,
  findPhoneNumber,
  getFlowOfNumber,
  searchAvailablePhoneNumbers,
} from './phone-numbers.ts';
