import { runContacts } from './contacts/main.ts';
import { stopOnInterrupt } from './shared/stop.ts';

process.exitCode = await runContacts(process.argv.slice(2), stopOnInterrupt());
