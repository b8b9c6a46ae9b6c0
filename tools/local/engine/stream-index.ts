import { DatabaseSync } from 'node:sqlite';

/**
 * Without these indexes, the engine scans all stream records at each write to a table with a stream. The engine keeps the
 * indexes, because it creates its tables only if they are missing.
 */
export function addStreamIndexes(databaseFile: string): void {
  const database = new DatabaseSync(databaseFile);
  try {
    database.exec(`
      CREATE INDEX IF NOT EXISTS stream_by_number
        ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
      CREATE INDEX IF NOT EXISTS stream_by_shard
        ON _stream_records (table_name, shard_id, sequence_number);
    `);
  } finally {
    database.close();
  }
}
