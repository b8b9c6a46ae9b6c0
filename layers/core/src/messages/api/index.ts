export { ACCEPT_SETTINGS } from '../open.ts';
export { createMessagesApi, messagesApi } from './routes.ts';
