export { createEngineClient, type Engine, startEngine } from './engine.ts';
export { createTables } from './tables.ts';
