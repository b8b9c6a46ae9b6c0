import { UsageError } from './options.ts';

/** Turns "this port is taken" into a sentence that says which one and what to do. */
export async function onPort<T>(
  port: number,
  what: string,
  flag: string,
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw portTaken(port, what, flag);
    throw error;
  }
}

export function portTaken(port: number, what: string, flag: string): UsageError {
  return new UsageError(
    `Port ${port} is in use, which ${what} wants. Choose another with --${flag} (0 = any free one): ` +
      `npm start -- --${flag} 0`,
  );
}
