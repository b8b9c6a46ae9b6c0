import type { ConnectState } from '#tools/local/emulators/index.ts';
import { openJsonFile } from '#tools/local/json-file.ts';
import { demoAgents, demoStatus } from './agents.ts';
import { type DemoContact, demoContacts } from './contacts.ts';
import { associateDemoNumbers, demoNumbers } from './numbers.ts';

/** The number of concurrent writes of contacts. */
const WRITE_CONCURRENCY = 8;

/** The demo data of one start. Only a new data directory gets it. */
export interface Demo {
  /** @returns a summary; undefined if there is nothing to load */
  load(apiUrl: string, apiKey: string): Promise<string | undefined>;
  /** The steps that need the flows. */
  finish(): void;
}

export function createDemo(wished: boolean, dataDir: string | undefined, state: ConnectState): Demo {
  const file = openJsonFile(dataDir, 'demo.json', { wanted: wished, loaded: false });
  const { wanted, loaded } = file.value;
  const due = wanted && !loaded;
  return {
    async load(apiUrl, apiKey) {
      file.save({ wanted, loaded });
      if (!due) return undefined;
      const agents = loadAgents(state);
      const numbers = demoNumbers();
      for (const number of numbers) state.numbers.put(number);
      const contacts = await loadContacts(apiUrl, apiKey);
      return `Demo data: ${agents} agents, ${contacts} contacts, ${numbers.length} direct numbers.`;
    },
    finish() {
      if (!due) return;
      associateDemoNumbers(state);
      file.save({ wanted, loaded: true });
    },
  };
}

function loadAgents({ users, statuses }: ConnectState): number {
  const agents = demoAgents();
  for (const agent of agents) {
    users.put(agent);
    statuses.choose(agent, demoStatus(agent));
  }
  return agents.length;
}

/** Writes the contacts through the REST API. */
async function loadContacts(apiUrl: string, apiKey: string): Promise<number> {
  const contacts = demoContacts();
  const left = contacts.values();
  await Promise.all(
    Array.from({ length: WRITE_CONCURRENCY }, async () => {
      for (const contact of left) await writeContact(apiUrl, apiKey, contact);
    }),
  );
  return contacts.length;
}

async function writeContact(apiUrl: string, apiKey: string, { contactId, body }: DemoContact): Promise<void> {
  const response = await fetch(`${apiUrl}/contacts/${contactId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  // 409: written by an earlier start that was interrupted.
  if (response.ok || response.status === 409) return;
  throw new Error(
    `The demo contact ${contactId} could not be written (status ${response.status}): ${answer}`,
  );
}
