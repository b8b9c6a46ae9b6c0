import { runPhonebook } from './phonebook/main.ts';

const stop = new AbortController();
// The first Ctrl-C ends it at a place from which it goes on, the second at once: no harm is done then either.
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
process.exitCode = await runPhonebook(process.argv.slice(2), stop.signal);
