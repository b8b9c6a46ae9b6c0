import { parseArgs } from 'node:util';
import { UsageError } from '#tools/cli/shared/usage.ts';

/** The flags that say which deployment is meant. */
export interface TargetFlags {
  endpoint?: string;
  region?: string;
  table?: string;
}

export type Command =
  | { name: 'help' }
  | { name: 'export'; file: string; target: TargetFlags }
  | { name: 'seed'; range: string; target: TargetFlags }
  | { name: 'sync-status'; target: TargetFlags };

const TARGET = {
  endpoint: { type: 'string' },
  region: { type: 'string' },
  table: { type: 'string' },
} as const;

/**
 * Reads the command line.
 *
 * @throws {UsageError}
 */
export function parseCommand(argv: string[]): Command {
  const [name, ...args] = argv;
  if (name === undefined || name === 'help' || argv.includes('--help') || argv.includes('-h')) {
    return { name: 'help' };
  }
  const { values: target, positionals } = parse(args);
  const [what, ...tooMany] = positionals;
  if (tooMany.length > 0) throw new UsageError(`"${tooMany.join(' ')}" is too much.`);
  switch (name) {
    case 'export':
      if (what === undefined) throw new UsageError('Say where to write: export FILE, or export - for here.');
      return { name, file: what, target };
    case 'seed':
      if (what === undefined) throw new UsageError('Say which extensions: seed 1000-4999');
      return { name, range: what, target };
    case 'sync-status':
      if (what !== undefined) throw new UsageError(`"${what}" is too much.`);
      return { name, target };
    default:
      throw new UsageError(`There is no command "${name}"; there are export, seed, sync-status.`);
  }
}

function parse(args: string[]): { values: TargetFlags; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options: TARGET, allowPositionals: true });
    return { values: { ...values }, positionals };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
