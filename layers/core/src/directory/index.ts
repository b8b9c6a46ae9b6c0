// What a call needs of the directory; the sync and number-expiry have entries of their own.
export { type Agent, displayName, extensionOf, getAgent } from './agents.ts';
export { type DirectoryNumber, getNumber, maySendTexts } from './numbers.ts';
export { createDirectory, type Directory } from './table.ts';
