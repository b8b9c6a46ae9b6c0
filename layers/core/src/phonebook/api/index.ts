export { createPhonebookApi, type PhonebookApiEnv, phonebookApi } from './routes.ts';
