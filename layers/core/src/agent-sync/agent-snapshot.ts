import {
  AGENT_PARTITION,
  type AgentDetails,
  type Placement,
  WAITING_PARTITION,
} from '#core/directory/agents.ts';
import type { KnownAgent } from '#core/directory/assignments.ts';
import { type Directory, queryIndex } from '#core/directory/table.ts';

/**
 * The agents of the directory as a full run sees them: one short string an agent, because there may be a hundred
 * thousand of them.
 */
export interface KnownAgents {
  readonly size: number;
  get(agentId: string): (KnownAgent & { addedAt: string }) | undefined;
  set(agent: KnownAgent & { addedAt: string }): void;
  delete(agentId: string): void;
  ids(): Iterable<string>;
  /** Who waits for an extension, the longest first. */
  waiting: string[];
}

const FINGERPRINT = 22;
const ISO_TIME = 24;

export function createKnownAgents(): KnownAgents {
  const agents = new Map<string, string>();
  return {
    get size() {
      return agents.size;
    },
    get(agentId) {
      const text = agents.get(agentId);
      return text === undefined ? undefined : decode(agentId, text);
    },
    set: (agent) => agents.set(agent.agentId, encode(agent)),
    delete: (agentId) => agents.delete(agentId),
    ids: () => agents.keys(),
    waiting: [],
  };
}

/** Reads all agents in index order. One written a moment ago may be missing: writes name what they expect. */
export async function readKnownAgents(directory: Directory): Promise<KnownAgents> {
  const known = createKnownAgents();
  const attributes = ['agentId', 'fingerprint', 'addedAt', 'extension', 'waitingSince'];
  const page = 500;
  for (const partition of [AGENT_PARTITION, WAITING_PARTITION]) {
    for await (const items of queryIndex(directory, partition, { attributes, page })) {
      for (const item of items) {
        const agentId = String(item.agentId);
        const placement: Placement =
          typeof item.extension === 'string'
            ? { extension: item.extension }
            : { waitingSince: String(item.waitingSince) };
        if (!('extension' in placement)) known.waiting.push(agentId);
        known.set({
          agentId,
          fingerprint: String(item.fingerprint),
          addedAt: String(item.addedAt),
          placement,
        });
      }
    }
  }
  return known;
}

function encode({ fingerprint, addedAt, placement }: KnownAgent & { addedAt: string }): string {
  const place = 'extension' in placement ? `E${placement.extension}` : `W${placement.waitingSince}`;
  return fingerprint.padEnd(FINGERPRINT) + addedAt.padEnd(ISO_TIME) + place;
}

function decode(agentId: string, text: string): KnownAgent & { addedAt: string } {
  const place = text.slice(FINGERPRINT + ISO_TIME);
  return {
    agentId,
    fingerprint: text.slice(0, FINGERPRINT).trimEnd(),
    addedAt: text.slice(FINGERPRINT, FINGERPRINT + ISO_TIME).trimEnd(),
    placement: place.startsWith('E') ? { extension: place.slice(1) } : { waitingSince: place.slice(1) },
  };
}

/** A user on its way from Connect to the table, as one string. */
export type PackedUser = string;

export function packUser({
  agentId,
  arn,
  username,
  firstName,
  lastName,
  preferred,
  unlisted,
}: AgentDetails): PackedUser {
  return JSON.stringify([agentId, arn, username, firstName, lastName, preferred, unlisted]);
}

export function unpackUser(packed: PackedUser): AgentDetails {
  const [agentId, arn, username, firstName, lastName, preferred, unlisted] = JSON.parse(packed) as [
    string,
    string,
    string,
    string,
    string,
    string | null,
    true | null,
  ];
  return {
    agentId,
    arn,
    username,
    firstName,
    lastName,
    ...(preferred === null ? {} : { preferred }),
    ...(unlisted === null ? {} : { unlisted }),
  };
}
