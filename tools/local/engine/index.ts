export { type Engine, engineClient, startEngine } from './engine.ts';
export { createTables } from './tables.ts';
