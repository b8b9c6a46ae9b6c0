import { startTestEngine } from './engine.ts';

export default async (config: { rootDir: string }): Promise<void> => startTestEngine(config.rootDir);
