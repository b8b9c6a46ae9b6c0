export { type ContactsApiEnv, contactsApi, createContactsApi } from './routes.ts';
