import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  agentExtensionsCsv,
  createSyncLease,
  type Directory,
  parseRanges,
  readSyncState,
  seedPool,
  systemClock,
} from '@switchboard/core/agent-sync';
import { createProgress } from '#tools/cli/shared/progress.ts';
import type { Output } from './output.ts';

/**
 * Writes agent_extensions.csv to a file, complete or not at all, or to standard output (`-`). It holds the agents'
 * names, so only its owner may read the file.
 */
export async function exportCommand(directory: Directory, file: string, output: Output): Promise<number> {
  if (file === '-') {
    await pipeline(agentExtensionsCsv(directory), output.stream, { end: false });
    return 0;
  }
  const unfinished = `${file}.part`;
  try {
    // What a killed run left may have another mode, which would stay.
    await rm(unfinished, { force: true });
    const created = createWriteStream(unfinished, { mode: 0o600 });
    await pipeline(Readable.from(agentExtensionsCsv(directory)), created);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  output.error(`Written to ${file}.`);
  return 0;
}

/** Makes the pool hold a range, as the sync does before it reads from Connect. */
export async function seedCommand(directory: Directory, range: string, output: Output): Promise<number> {
  const ranges = parseRanges(range);
  const { lease: held, seed: stored } = await readSyncState(directory);
  if (held && held.expiresAt > Date.now()) {
    output.error('A sync is at work. Try again in a minute.');
    return 1;
  }
  const lease = createSyncLease(directory, systemClock);
  const bar = createProgress('seed', ranges.count);
  try {
    const { added, removed, kept } = await seedPool(directory, ranges, stored, lease, {
      progress: (done, total) => bar.update(done, `${done} of ${total} extensions`),
    });
    output.line(`${added} extensions added, ${removed} removed; the pool holds ${ranges.text}.`);
    if (kept.count > 0) {
      const more = kept.count > kept.extensions.length ? ' …' : '';
      output.line(`${kept.count} stay until they are freed: ${kept.extensions.join(', ')}${more}`);
    }
    return 0;
  } finally {
    bar.stop();
    await lease.release();
  }
}

/** Tells how the last sync ended, what the pool holds, and whether a sync is at work. */
export async function statusCommand(directory: Directory, output: Output): Promise<number> {
  const { lease, seed, lastRun: last } = await readSyncState(directory);
  const busy = lease !== undefined && lease.expiresAt > Date.now();
  output.line(`Sync now: ${busy ? 'at work' : 'none'}`);
  output.line(
    seed
      ? `Pool: ${seed.target}${seed.completed === seed.target ? '' : ` (seeding, ${seed.cursor} gone through)`}`
      : 'Pool: not seeded yet',
  );
  if (!last?.finishedAt) {
    output.line('Last sync with changes: none');
    return 0;
  }
  output.line(`Last sync with changes: ${last.status}, ${last.finishedAt}`);
  for (const [name, value] of Object.entries(last.counts ?? {})) output.line(`  ${name}: ${value}`);
  if (last.nextToken !== undefined) output.line('The next sync goes on reading where this one stopped.');
  return 0;
}
