import { stopTestEngine } from './engine.ts';

export default stopTestEngine;
