import { createCollection } from '#tools/local/json-file.ts';
import { type AgentEvent, type AgentEventType, createAgentEvent } from './agent-event.ts';
import {
  type AgentContact,
  type AgentPresence,
  AVAILABLE_STATUS_ID,
  findAgentStatus,
  type PresenceSnapshot,
} from './agent-status.ts';
import type { ConnectUser, UserStore } from './users.ts';

/** Connect's own time between heartbeats. */
export const HEARTBEAT_MS = 120_000;

export interface StatusStore {
  get(userId: string): AgentPresence | undefined;
  /** Sets the status of an agent. The first status logs the agent in. */
  choose(user: ConnectUser, statusId: string): void;
  /** Replaces the contacts of an agent. */
  setContacts(user: ConnectUser, contacts: AgentContact[]): void;
  /** Reports a change of the routing profile. */
  reportRoutingProfileChange(before: ConnectUser, now: ConnectUser): void;
  delete(userId: string): void;
  /** Sends a heartbeat for each agent who is logged in and had no recent event, or for `all`. */
  sendHeartbeats(all?: boolean): void;
  /** Subscribes to events. */
  subscribe(listener: (event: AgentEvent) => void): void;
}

export function createStatusStore(
  dataDir: string | undefined,
  users: UserStore,
  clock: () => number = Date.now,
): StatusStore {
  const states = createCollection<AgentPresence>(dataDir, 'connect-statuses.json', ({ userId }) => userId);
  const listeners: ((event: AgentEvent) => void)[] = [];
  const lastEventAt = new Map<string, number>();
  let last = 0;

  /** Timestamps are unique, so that events have an order. */
  function moment(): number {
    last = Math.max(last + 1, clock());
    return last;
  }

  function tell(
    type: AgentEventType,
    at: number,
    before: PresenceSnapshot | undefined,
    now: PresenceSnapshot,
  ): void {
    lastEventAt.set(now.user.Id, at);
    for (const listener of listeners) listener(createAgentEvent(type, new Date(at), before, now));
  }

  function change(user: ConnectUser, to: (at: string) => AgentPresence): void {
    const at = moment();
    const before = states.get(user.Id);
    const now = to(new Date(at).toISOString());
    states.put(now);
    tell(before ? 'STATE_CHANGE' : 'LOGIN', at, before && { user, state: before }, { user, state: now });
  }

  return {
    get: (userId) => states.get(userId),
    choose(user, statusId) {
      const before = states.get(user.Id);
      const busy = (before?.contacts.length ?? 0) > 0;
      if (before && busy) change(user, () => ({ ...before, nextStatusId: statusId }));
      else change(user, (since) => ({ userId: user.Id, statusId, since, contacts: [] }));
    },
    setContacts(user, contacts) {
      change(user, (at) => {
        const state = states.get(user.Id) ?? {
          userId: user.Id,
          statusId: AVAILABLE_STATUS_ID,
          since: at,
          contacts,
        };
        const { nextStatusId, ...rest } = state;
        if (contacts.length > 0 || nextStatusId === undefined) return { ...state, contacts };
        return { ...rest, statusId: nextStatusId, since: at, contacts };
      });
    },
    reportRoutingProfileChange(before, now) {
      const state = states.get(now.Id);
      if (state) tell('STATE_CHANGE', moment(), { user: before, state }, { user: now, state });
    },
    delete(userId) {
      states.delete(userId);
      lastEventAt.delete(userId);
    },
    sendHeartbeats(all = false) {
      for (const state of states.all()) {
        const user = users.get(state.userId);
        const quiet = clock() - (lastEventAt.get(state.userId) ?? 0) >= HEARTBEAT_MS;
        if (!user || findAgentStatus(state.statusId)?.Type === 'OFFLINE' || !(quiet || all)) continue;
        tell('HEART_BEAT', moment(), { user, state }, { user, state });
      }
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}
