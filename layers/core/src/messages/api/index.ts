export { createMessagesApi, type MessagesApiEnv } from './routes.ts';
