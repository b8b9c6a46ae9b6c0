import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { createLookup, deleteContact, type LookupAnswer, putContact } from '#core/contacts/index.ts';
import { indexBatch } from '#core/contacts/indexing/index.ts';
import type { Policy } from '#core/platform/resilience/policy.ts';
import { seededRandom } from '#support/chaos.ts';
import { contactBody, streamRecord, testKeyring, watchClient } from '#support/contacts.ts';
import { gatedClient } from '#support/gate.ts';
import { memoryDynamoDb } from '#support/memory-dynamodb.ts';
import { PROPERTY_TIMEOUT_MS, propertyRuns } from '#support/property.ts';
import { type FreshTables, freshTables } from '#support/tables.ts';

/*
 * Contacts are created, changed and deleted at random while their stream is delivered as Lambda may deliver it at
 * its worst. The records are made from the images before and after each write, as DynamoDB makes them. Nearly all runs
 * use a DynamoDB in memory, whose reads of the index are behind; some use the engine of the tests, where each has
 * contacts and identifiers of its own in the same tables.
 */

const CONTACTS = ['a', 'b', 'c'];
const IDENTIFIERS = ['ref:1', 'ref:2', 'ref:3', 'ref:4'];

/** Writers are in the middle of a rotation: some use version 1, some version 2. Readers know both. */
const writers = [testKeyring([1, 2]), testKeyring([2, 1])] as const;
const reader = testKeyring([2, 1]);

jest.setTimeout(PROPERTY_TIMEOUT_MS);

/** Where the contacts of a run and their index are. */
interface Store {
  client: FreshTables['client'];
  contacts: string;
  lookup: string;
  /** From now on no read is behind. */
  settle(): void;
}

const STORES = {
  'in memory': {
    times: 1,
    open: async () => (random: () => number) => {
      const db = memoryDynamoDb(random);
      db.catchUp = 0.7;
      const settle = () => {
        db.catchUp = 1;
      };
      return { client: db.client, contacts: 'contacts', lookup: 'lookup', settle };
    },
  },
  'on an engine': {
    times: 0.1,
    open: async () => {
      const { client, contacts, lookup } = await freshTables();
      return () => ({ client, contacts, lookup, settle: () => {} });
    },
  },
};

let runs = 0;

/** An AWS call that ends in an error, before or after it had its effect. */
interface Fault {
  call: number;
  after: boolean;
}

/** What should be true, what the stream holds, and everything that one run does. */
class World {
  readonly prefix = `run-${runs++}-`;
  /** The hashes each contact holds, by contact id. */
  readonly model = new Map<string, Set<string>>();
  readonly history: { contactId: string; keys: Set<string>; from: number }[] = [];
  readonly stream: DynamoDBRecord[] = [];
  /** Everything before it was delivered. */
  position = 0;
  /** Records that were given up and wait to be delivered again. */
  readonly deadLetters: DynamoDBRecord[][] = [];
  clock = 0;
  /** Whether deliveries overlap. Then a failed one may find that another has gone past it. */
  overlapping = false;
  readonly store: Store;
  client: Store['client'];

  constructor(store: Store) {
    this.store = store;
    this.client = store.client;
  }

  identifier(index: number): string {
    return `ref:${this.prefix}${IDENTIFIERS[index]}`;
  }

  async put(contact: number, identifiers: number[], rotated: boolean): Promise<void> {
    const keyring = writers[rotated ? 1 : 0];
    const contactId = `${this.prefix}${CONTACTS[contact]}`;
    const body = contactBody({ identifiers: identifiers.map((index) => this.identifier(index)) });
    const keys = new Set(body.identifiers.map(keyring.hash));
    const { client } = watchClient(this.client, { done: () => this.remember(contactId, keys) });
    await putContact({ client, contacts: this.store.contacts, keyring }, contactId, body);
  }

  async remove(contact: number): Promise<void> {
    const contactId = `${this.prefix}${CONTACTS[contact]}`;
    const [keyring] = writers;
    const done = (command: string) => {
      if (command === 'Delete' && this.model.has(contactId)) this.remember(contactId, undefined);
    };
    const { client } = watchClient(this.client, { done });
    await deleteContact({ client, contacts: this.store.contacts, keyring }, contactId);
  }

  /** Notes a write as the stream does, in the moment it happened. */
  private remember(contactId: string, keys: Set<string> | undefined): void {
    const before = this.model.get(contactId) ?? null;
    this.stream.push(streamRecord(contactId, before, keys ?? null, String(this.stream.length)));
    if (keys) this.model.set(contactId, keys);
    else this.model.delete(contactId);
    this.clock += 1;
    this.history.push({ contactId, keys: keys ?? new Set(), from: this.clock });
  }

  /** Delivers records, and says how many of them Lambda would take as done. */
  async deliver(records: DynamoDBRecord[], fault?: Fault): Promise<number> {
    let calls = 0;
    const broken = () => (fault && calls++ === fault.call ? 'InternalServerError' : undefined);
    const { client } = watchClient(this.client, { fail: broken, after: fault?.after });
    const failures = await indexBatch({ ...this.store, client }, records).catch(() =>
      records.map((record) => ({ record })),
    );
    const failed = new Set(failures.map(({ record }) => record));
    const first = records.findIndex((record) => failed.has(record));
    return first === -1 ? records.length : first;
  }

  /** Looks an identifier up, and notes the contacts that the index named. */
  lookUp(text: string, rows: string[] = []): Promise<LookupAnswer> {
    const direct = {
      run: <T>(attempt: (signal: AbortSignal) => Promise<T>) => attempt(new AbortController().signal),
    };
    const noting: Policy = {
      async run(attempt) {
        const answer = await direct.run(attempt);
        const { Items = [] } = answer as { Items?: { sk: string }[] };
        rows.push(...Items.map(({ sk }) => sk));
        return answer;
      },
    };
    return createLookup({
      index: { ...this.store, client: this.client, callContacts: direct, callLookup: noting },
      keyring: async () => reader,
      parseIdentifier: (canonical) => ({ kind: 'identifier', type: 'reference', canonical }),
      budgetMs: 60_000,
      limit: 10,
    })(text);
  }

  async deliverNext(size: number, fault?: Fault, again = size): Promise<void> {
    const start = this.position;
    const records = this.stream.slice(start, start + size);
    const done = await this.deliver(records, fault);
    this.deliverFailedAgain(records.slice(done));
    this.position = Math.max(this.position, start + Math.min(done, again));
  }

  async giveUp(size: number, fault: Fault): Promise<void> {
    const start = this.position;
    const records = this.stream.slice(start, start + size);
    await this.deliver(records, fault);
    this.deadLetters.push(records);
    this.position = Math.max(this.position, start + records.length);
  }

  async redrive(from: number, size: number, fault?: Fault): Promise<void> {
    const start = this.stream.length === 0 ? 0 : from % this.stream.length;
    const records = this.stream.slice(start, start + size);
    const done = await this.deliver(records, fault);
    this.deliverFailedAgain(records.slice(done));
  }

  /**
   * What failed comes again, as Lambda has it: it may have written a row and died before it looked again. One after
   * the other the position sees to that; side by side another delivery may have moved it on.
   */
  private deliverFailedAgain(records: DynamoDBRecord[]): void {
    if (this.overlapping && records.length > 0) this.deadLetters.push(records);
  }

  async expectNoWrongContact(identifier: string): Promise<void> {
    const from = this.clock;
    const { contacts } = await this.lookUp(identifier);
    for (const { contactId } of contacts) expect(this.heldSince(identifier, contactId, from)).toBe(true);
  }

  holders(identifier: string): string[] {
    const hashes = reader.hashes(identifier);
    return [...this.model].filter(([, keys]) => hashes.some((hash) => keys.has(hash))).map(([id]) => id);
  }

  /** Whether a contact held the identifier at any time since `from`. */
  heldSince(identifier: string, contactId: string, from: number): boolean {
    const hashes = reader.hashes(identifier);
    const states = this.history.filter((state) => state.contactId === contactId);
    return states.some(
      ({ keys }, i) => (states[i + 1]?.from ?? Infinity) > from && hashes.some((hash) => keys.has(hash)),
    );
  }

  async drain(): Promise<void> {
    this.client = this.store.client;
    this.store.settle();
    while (this.position < this.stream.length) {
      this.position += await this.deliver(this.stream.slice(this.position, this.position + 10));
    }
    for (const records of this.deadLetters) await this.deliver(records);
  }

  /** The index says exactly what the contacts say, and the lookups do too. */
  async expectInStep(): Promise<void> {
    const each = IDENTIFIERS.map(async (_, index) => {
      const identifier = this.identifier(index);
      const rows: string[] = [];
      const { contacts } = await this.lookUp(identifier, rows);
      expect(rows.sort()).toEqual(this.holders(identifier).sort());
      expect(contacts.map(({ contactId }) => contactId).sort()).toEqual(this.holders(identifier).sort());
    });
    await Promise.all(each);
  }
}

/** Data, not functions, so that a counterexample can be read. */
type Step =
  | { do: 'put'; contact: number; identifiers: number[]; rotated: boolean }
  | { do: 'remove'; contact: number }
  /** The next batch, cut anywhere. It may fail in a call, or come again from any of its records. */
  | { do: 'deliver'; size: number; fault: Fault | undefined; again: number | undefined }
  /** The next batch fails every retry, perhaps after half its writes, and is kept for later. */
  | { do: 'give up'; size: number; call: number }
  /** Any part of the past comes again. */
  | { do: 'redrive'; from: number; size: number; fault: Fault | undefined }
  | { do: 'look up'; identifier: number };

const contact = fc.nat({ max: CONTACTS.length - 1 });
const identifier = fc.nat({ max: IDENTIFIERS.length - 1 });
const identifiers = fc.uniqueArray(identifier);
const call = fc.nat({ max: 3 });
const size = fc.integer({ min: 1, max: 7 });
const fault = fc.option(fc.record({ call, after: fc.boolean() }), { nil: undefined });
const again = fc.option(fc.nat({ max: 6 }), { nil: undefined });
const named = <Name extends Step['do']>(name: Name) => fc.constant(name);

const put = fc.record({ do: named('put'), contact, identifiers, rotated: fc.boolean() });
const deliver = fc.record({ do: named('deliver'), size, fault, again });
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: put, weight: 4 },
  { arbitrary: deliver, weight: 3 },
  fc.record({ do: named('remove'), contact }),
  fc.record({ do: named('give up'), size, call }),
  fc.record({ do: named('redrive'), from: fc.nat(), size, fault }),
  fc.record({ do: named('look up'), identifier }),
);

async function take(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case 'put':
      return world.put(step.contact, step.identifiers, step.rotated);
    case 'remove':
      return world.remove(step.contact);
    case 'deliver':
      return world.deliverNext(step.size, step.fault, step.again);
    case 'give up':
      return world.giveUp(step.size, { call: step.call, after: true });
    case 'redrive':
      return world.redrive(step.from, step.size, step.fault);
    case 'look up':
      return world.expectNoWrongContact(world.identifier(step.identifier));
  }
}

async function takeAll(world: World, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await take(world, step);
}

describe.each(Object.entries(STORES))('%s', (_, { times, open }) => {
  let newStore: (random: () => number) => Store;
  beforeAll(async () => {
    newStore = await open();
  });

  it('shows no wrong contact and ends in step, however the stream is delivered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), fc.nat(), async (steps, seed) => {
        const world = new World(newStore(seededRandom(seed)));
        await takeAll(world, steps);
        await world.drain();
        await world.expectInStep();
      }),
      propertyRuns(1_000 * times),
    );
  });

  it('shows no wrong contact and ends in step, whatever runs at the same time', async () => {
    const lanes = fc.array(fc.array(step, { minLength: 1, maxLength: 5 }), { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(put, { maxLength: 4 }),
        lanes,
        fc.infiniteStream(fc.nat()),
        fc.nat(),
        async (first, all, choices, seed) => {
          const world = new World(newStore(seededRandom(seed)));
          await takeAll(world, first);
          const gate = gatedClient(world.client, choices);
          world.client = gate.client;
          world.overlapping = true;
          const running = all.map((steps) => takeAll(world, steps));
          await gate.run(Promise.all(running));
          await world.drain();
          await world.expectInStep();
        },
      ),
      propertyRuns(500 * times),
    );
  });
});
