/**
 * Returns a signal that the first Ctrl-C aborts, so that the command can save its place. The second Ctrl-C ends the
 * process. A command that cannot resume must not call this.
 */
export function stopOnInterrupt(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  return stop.signal;
}
