export { type ContactsApiEnv, createContactsApi, createContactsRoutes } from './routes.ts';
