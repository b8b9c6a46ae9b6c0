export { createIndexer, indexBatch } from './index-batch.ts';
export type { ChangedHashes } from './index-changes.ts';
export {
  IDENTIFIER_INDEX,
  INDEX_DEFINITIONS,
  type IndexDefinition,
  indexProjection,
  isRowOf,
  rowPartitions,
} from './index-definitions.ts';
export { type IndexTables, readHashes, writeRows } from './index-rows.ts';
export { type Reconciliation, reconcileIndex } from './reconcile.ts';
