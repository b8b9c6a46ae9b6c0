export type { NumberState } from '#core/directory/numbers.ts';
export { createDirectory, type Directory } from '#core/directory/table.ts';
export { parseAreaCode } from './area-code.ts';
export { blockNumber, unblockNumber } from './block-number.ts';
export { createPhonebook } from './create-phonebook.ts';
export { type ImportedNumber, importDirectNumber } from './import-number.ts';
export { parseDirectoryNumber } from './parse-directory-number.ts';
export type {
  AssignRequest,
  ListedNumber,
  NumberPage,
  NumbersQuery,
  Phonebook,
  PhonebookSettings,
  PhonebookUser,
  ReleaseRequest,
  Reservation,
  ReserveRequest,
} from './phonebook.ts';
