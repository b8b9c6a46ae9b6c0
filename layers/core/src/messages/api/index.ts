export { ACCEPT_SETTINGS } from '#core/messages/open.ts';
export { createMessagesApi, messagesApi } from './routes.ts';
