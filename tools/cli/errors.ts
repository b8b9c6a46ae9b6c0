/** The command cannot continue. The message says why and what to do, and holds no personal data. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** The command line is wrong. The message names the argument or option, and the rule of its value. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
}
