export { type Deployment, loadDeployment } from './deployment.ts';
export { findUnknownKeyVersion } from './key-versions.ts';
export type { ReindexOptions } from './options.ts';
export { type ReindexResult, reindex } from './reindex.ts';
export { type RotationOptions, type RotationResult, rotateKeys } from './rotation.ts';
