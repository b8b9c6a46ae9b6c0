export { createFindAgentsByName, type NameMatch, type NameMatches } from './find-agents-by-name.ts';
