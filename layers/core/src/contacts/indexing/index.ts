export { createIndexer, indexBatch } from './index-batch.ts';
export type { ChangedHashes } from './index-changes.ts';
export type { IndexTables } from './index-rows.ts';
export { type Reconciliation, reconcileIndex } from './reconcile.ts';
