import type { ConnectWorld } from '../stand-in/index.ts';
import { demoAgents, demoStatus } from './agents.ts';
import { type DemoContact, demoContacts } from './contacts.ts';

/** How many contacts are written at once. */
const PARALLEL = 8;

export function loadDemoAgents({ users, statuses }: ConnectWorld): number {
  const agents = demoAgents();
  for (const agent of agents) {
    users.put(agent);
    statuses.choose(agent, demoStatus(agent));
  }
  return agents.length;
}

/** Writes the contacts through the REST API, as anybody would. */
export async function loadDemoContacts(apiUrl: string, apiKey: string): Promise<number> {
  const contacts = demoContacts();
  const left = contacts.values();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const contact of left) await write(apiUrl, apiKey, contact);
    }),
  );
  return contacts.length;
}

async function write(apiUrl: string, apiKey: string, { contactId, body }: DemoContact): Promise<void> {
  const response = await fetch(`${apiUrl}/contacts/${contactId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  // 409: written by an earlier start that was interrupted.
  if (response.ok || response.status === 409) return;
  throw new Error(`The demo contact ${contactId} was refused with ${response.status}: ${answer}`);
}
