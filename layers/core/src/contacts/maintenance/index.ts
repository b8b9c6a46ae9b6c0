export { type ContactsDeployment, findUnknownKeyVersion, loadContactsDeployment } from './deployment.ts';
export { type ReindexResult, reindex } from './reindex.ts';
export type { RepairOptions } from './repair-index.ts';
export { type RotationOptions, type RotationResult, rotateKeys } from './rotation.ts';
