export { createMessagesApi, messagesApi } from './routes.ts';
