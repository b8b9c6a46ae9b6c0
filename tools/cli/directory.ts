import { runDirectory } from './directory/main.ts';

process.exitCode = await runDirectory(process.argv.slice(2));
