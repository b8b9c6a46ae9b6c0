/**
 * A signal for a command that can be stopped at a place from which it goes on: the first Ctrl-C gives it, the second one
 * ends the process at once. For any other command nothing is to be listened to, so that the first one ends it.
 */
export function stopOnInterrupt(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}
