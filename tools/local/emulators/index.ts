export { type StandIn, startStandIn } from './aws-emulator.ts';
export { statusKind } from './connect/agent-status.ts';
export { type ConnectNumber, MAIN_NUMBER, numberArn } from './connect/numbers.ts';
export type { ConnectWorld } from './connect/state.ts';
export type { ConnectUser } from './connect/users.ts';
export { newUserId, userArn } from './connect/users.ts';
export { lineOf, type SentText } from './sms.ts';
