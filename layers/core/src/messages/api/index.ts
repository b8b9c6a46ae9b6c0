export { createMessagesApi, type MessagesApiEnv, messagesApi } from './routes.ts';
