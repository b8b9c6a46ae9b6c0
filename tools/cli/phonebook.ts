import { runPhonebook } from './phonebook/main.ts';
import { stopOnInterrupt } from './shared/stop.ts';

process.exitCode = await runPhonebook(process.argv.slice(2), stopOnInterrupt);
