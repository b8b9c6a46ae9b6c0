import { randomUUID } from 'node:crypto';
import { openJsonFile } from '#tools/local/json-file.ts';
import { CONNECT_INSTANCE_ARN } from '#tools/local/template/index.ts';

export interface ConnectUser {
  Id: string;
  Arn: string;
  Username: string;
  IdentityInfo: {
    FirstName?: string;
    LastName?: string;
    Email?: string;
    SecondaryEmail?: string;
    Mobile?: string;
  };
  PhoneConfig: Record<string, unknown>;
  RoutingProfileId: string;
  SecurityProfileIds: string[];
  HierarchyGroupId?: string;
  Tags: Record<string, string>;
}

/** The users of the one instance, in the order in which they were created. */
export interface UserStore {
  all(): ConnectUser[];
  get(id: string): ConnectUser | undefined;
  byUsername(username: string): ConnectUser | undefined;
  /** Adds or replaces. */
  put(user: ConnectUser): void;
  delete(id: string): boolean;
}

export function createUserStore(dataDir: string | undefined): UserStore {
  const file = openJsonFile<ConnectUser[]>(dataDir, 'connect-users.json', []);
  const users = new Map(file.value.map((user) => [user.Id, user]));
  const names = new Map(file.value.map((user) => [user.Username.toLowerCase(), user.Id]));
  let saving = false;

  /** Many changes in one turn of the event loop are one write. */
  function save(): void {
    if (saving) return;
    saving = true;
    setImmediate(() => {
      saving = false;
      file.save([...users.values()]);
    });
  }

  return {
    all: () => [...users.values()],
    get: (id) => users.get(id),
    byUsername: (username) => users.get(names.get(username.toLowerCase()) ?? ''),
    put(user) {
      users.set(user.Id, user);
      names.set(user.Username.toLowerCase(), user.Id);
      save();
    },
    delete(id) {
      const user = users.get(id);
      if (!user) return false;
      users.delete(id);
      names.delete(user.Username.toLowerCase());
      save();
      return true;
    },
  };
}

export function userArn(id: string): string {
  return `${CONNECT_INSTANCE_ARN}/agent/${id}`;
}

export function newUserId(): string {
  return randomUUID();
}
