export { type AwsEmulator, startAwsEmulator } from './aws-emulator.ts';
export { findAgentStatus } from './connect/agent-status.ts';
export { type ConnectNumber, MAIN_NUMBER, numberArn } from './connect/numbers.ts';
export type { ConnectState } from './connect/state.ts';
export type { ConnectUser } from './connect/users.ts';
export { newUserId, userArn } from './connect/users.ts';
export { formatTextLine, type SentText } from './sms.ts';
