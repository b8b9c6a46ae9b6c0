import {
  AGENT_PARTITION,
  type AgentDetails,
  type AgentPlacement,
  WAITING_PARTITION,
} from '#core/directory/agents.ts';
import type { ExpectedAgent } from '#core/directory/assignments.ts';
import { type Directory, queryPartition } from '#core/directory/table.ts';

/**
 * The agents of the directory at the start of a full run. Each is one short string, because there may be a hundred
 * thousand agents.
 */
export interface AgentSnapshot {
  readonly size: number;
  get(agentId: string): (ExpectedAgent & { addedAt: string }) | undefined;
  set(agent: ExpectedAgent & { addedAt: string }): void;
  delete(agentId: string): void;
  ids(): Iterable<string>;
  /** The waiting agents, the longest wait first. */
  waitingIds: string[];
}

const FINGERPRINT_LENGTH = 22;
const ISO_TIME_LENGTH = 24;

export function createAgentSnapshot(): AgentSnapshot {
  const agents = new Map<string, string>();
  return {
    get size() {
      return agents.size;
    },
    get(agentId) {
      const text = agents.get(agentId);
      return text === undefined ? undefined : unpackAgent(agentId, text);
    },
    set: (agent) => agents.set(agent.agentId, packAgent(agent)),
    delete: (agentId) => agents.delete(agentId),
    ids: () => agents.keys(),
    waitingIds: [],
  };
}

/** Reads all agents from the index. An agent that was just written may be missing, so writes name what they expect. */
export async function readAgentSnapshot(directory: Directory): Promise<AgentSnapshot> {
  const snapshot = createAgentSnapshot();
  const attributes = ['agentId', 'fingerprint', 'addedAt', 'extension', 'waitingSince'];
  const pageSize = 500;
  for (const partition of [AGENT_PARTITION, WAITING_PARTITION]) {
    for await (const items of queryPartition(directory, partition, { attributes, pageSize })) {
      for (const item of items) {
        const agentId = String(item.agentId);
        const placement: AgentPlacement =
          typeof item.extension === 'string'
            ? { extension: item.extension }
            : { waitingSince: String(item.waitingSince) };
        if (!('extension' in placement)) snapshot.waitingIds.push(agentId);
        snapshot.set({
          agentId,
          fingerprint: String(item.fingerprint),
          addedAt: String(item.addedAt),
          placement,
        });
      }
    }
  }
  return snapshot;
}

function packAgent({ fingerprint, addedAt, placement }: ExpectedAgent & { addedAt: string }): string {
  const place = 'extension' in placement ? `E${placement.extension}` : `W${placement.waitingSince}`;
  return fingerprint.padEnd(FINGERPRINT_LENGTH) + addedAt.padEnd(ISO_TIME_LENGTH) + place;
}

function unpackAgent(agentId: string, text: string): ExpectedAgent & { addedAt: string } {
  const place = text.slice(FINGERPRINT_LENGTH + ISO_TIME_LENGTH);
  return {
    agentId,
    fingerprint: text.slice(0, FINGERPRINT_LENGTH).trimEnd(),
    addedAt: text.slice(FINGERPRINT_LENGTH, FINGERPRINT_LENGTH + ISO_TIME_LENGTH).trimEnd(),
    placement: place.startsWith('E') ? { extension: place.slice(1) } : { waitingSince: place.slice(1) },
  };
}

/** A user between Connect and the table, as one string. */
export type PackedUser = string;

export function packUser({
  agentId,
  arn,
  username,
  firstName,
  lastName,
  preferredExtension,
  unlisted,
}: AgentDetails): PackedUser {
  return JSON.stringify([agentId, arn, username, firstName, lastName, preferredExtension, unlisted]);
}

export function unpackUser(packed: PackedUser): AgentDetails {
  const [agentId, arn, username, firstName, lastName, preferredExtension, unlisted] = JSON.parse(packed) as [
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
    ...(preferredExtension === null ? {} : { preferredExtension }),
    ...(unlisted === null ? {} : { unlisted }),
  };
}
