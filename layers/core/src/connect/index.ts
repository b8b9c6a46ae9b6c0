export { type Connect, type ConnectSender, createConnect, createConnectClient } from './connect.ts';
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
