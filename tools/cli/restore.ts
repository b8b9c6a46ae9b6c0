import { runRestore } from './restore/main.ts';

process.exitCode = await runRestore(process.argv.slice(2));
