import { runCall } from './call/main.ts';

process.exitCode = await runCall(process.argv.slice(2));
