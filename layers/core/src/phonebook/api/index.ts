export { createPhonebookApi, createPhonebookRoutes, type PhonebookApiEnv } from './routes.ts';
