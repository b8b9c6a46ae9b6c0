export { createFindPresence, type Presence, UNKNOWN_PRESENCE } from './presence.ts';
