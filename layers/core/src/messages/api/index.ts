export { ACCEPT_SETTINGS } from '#core/messages/create-messages.ts';
export { createMessagesApi } from './routes.ts';
