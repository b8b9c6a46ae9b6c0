// Read this folder from the top: table; numbers, agents → transitions, agent-actions → assignments; ranges → pool,
// preferred-extension → waiting-list. Names: name-rows, keypad, name-spelling. Also policy and sync-state.
// What other domains need. agent-sync, phonebook, presence, names, and transfer build on the files of the model.
export { type Agent, displayName, extensionOf, findAgentsByUsername, getAgent } from './agents.ts';
export { type DirectoryNumber, getNumber, maySendTexts } from './numbers.ts';
export { createDirectory, type Directory } from './table.ts';
