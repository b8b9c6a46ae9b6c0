export { type Checkpoint, runJob, startJob } from '#core/platform/jobs/resumable-job.ts';
export { type Deployment, loadDeployment } from './deployment.ts';
export { findUnknownKeyVersion } from './key-versions.ts';
export type { ReindexOptions, SweepSettings } from './options.ts';
export { type ReindexResult, reindex } from './reindex.ts';
export { type RotationOptions, type RotationResult, rotateKeys } from './rotation.ts';
export { type Sweep, sweepTable } from './table-scan.ts';
