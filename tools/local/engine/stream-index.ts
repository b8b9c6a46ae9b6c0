import { DatabaseSync } from 'node:sqlite';

/**
 * The engine looks through all stream records at each write to a table with a stream; with these indexes it
 * does not. It keeps them, because it makes its own tables only when they are missing.
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
