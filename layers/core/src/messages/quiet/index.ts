export { nextAllowed } from './next-allowed.ts';
