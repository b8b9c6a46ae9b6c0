// One program behind `npm run contacts`, `directory`, `phonebook`, `flows`, `call`, and `restore`.
import { runCli } from './program.ts';

process.exitCode = await runCli(process.argv.slice(2));
