export { ACCEPT_SETTINGS } from '#core/messages/create-messages.ts';
export { createMessagesApi, messagesApi } from './routes.ts';
