import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Directory } from './table.ts';
import { textAttribute } from './text.ts';

/** Internal extensions, which the extension range determines. */
export const EXTENSION_POOL = 'extension';
/** Direct numbers in E.164, which callers dial from outside. */
export const DIRECT_POOL = 'direct';

/** Whom a number reaches, as much of it as a transfer needs. */
export interface NumberOwner {
  agentId: string;
  arn: string;
  username: string;
  firstName: string;
  lastName: string;
}

/**
 * Why a number is not handed out:
 * - `OTHER_FLOW`: its calls go to another flow than the one that transfers to agents
 * - `NO_FLOW`: its calls go nowhere
 * - `NOT_IN_CONNECT`: the Connect instance no longer has it
 * - `MANUAL`: a person said so
 */
export type BlockReason = 'OTHER_FLOW' | 'NO_FLOW' | 'NOT_IN_CONNECT' | 'MANUAL';

/** A number's state, with what belongs to it. Every change of state names the state it leaves, see `transitions`. */
export type NumberStatus =
  | { state: 'UNUSED' }
  /** Until `dueAt`, and by one reservation. */
  | { state: 'RESERVED'; dueAt: string; reservationId: string }
  | { state: 'QUARANTINED'; dueAt: string }
  /** `missingSince`: since then the instance has not told of it; the next full sync that misses it too takes it. */
  | { state: 'ASSIGNED'; owner: NumberOwner; missingSince?: string }
  /**
   * `heldUntil`: it is not to be handed out before, whatever becomes of it, as it was an agent's; or the run that missed
   * it first.
   */
  | { state: 'BLOCKED'; reason: BlockReason; heldUntil?: string };

export type NumberState = NumberStatus['state'];

/** What stays with a direct number whatever its state. */
export interface DirectNumberDetails {
  /** Who tells of it: the Connect instance, or a file that a person imported. */
  source?: 'connect' | 'import';
  /** Connect's own id of it. */
  phoneNumberId?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  /** Connect's word: `DID`, `TOLL_FREE` … */
  type?: string;
  /** False: it may not send texts. */
  sms?: boolean;
}

/** A directory number in one of its states. */
export type DirectoryNumber = { number: string; pool: string } & DirectNumberDetails & NumberStatus;

export function numberKey(number: string) {
  return { pk: `NUMBER#${number}`, sk: 'NUMBER' };
}

export function numberOfKey(pk: string): string {
  return pk.slice('NUMBER#'.length);
}

/** The partition of the reserved and quarantined numbers of all pools, in the order in which they become due. */
export const DUE_PARTITION = 'DUE';

export function unusedPartition(pool: string): string {
  return poolPartition('UNUSED', pool);
}

/** The partition of a pool's unused, assigned or blocked numbers, in order. */
export function poolPartition(state: 'UNUSED' | 'ASSIGNED' | 'BLOCKED', pool: string): string {
  return `${state}#${pool}`;
}

/** Where the range that the pool of extensions holds is recorded; see `sync/seed`. */
export const POOL_RANGE_KEY = { pk: 'SYNC', sk: 'POOL_RANGE' };

/** What of an item belongs to its state, and goes when the state ends. */
export const STATUS_ATTRIBUTES = [
  'state',
  'gsi1pk',
  'gsi1sk',
  'dueAt',
  'reservationId',
  'agentId',
  'agentArn',
  'username',
  'firstName',
  'lastName',
  'reason',
  'missingSince',
  'heldUntil',
] as const;

export function statusAttributes(
  number: string,
  pool: string,
  status: NumberStatus,
): Partial<Record<(typeof STATUS_ATTRIBUTES)[number], string>> {
  const { state } = status;
  switch (status.state) {
    case 'RESERVED':
    case 'QUARANTINED': {
      const { dueAt } = status;
      const due = { state, dueAt, gsi1pk: DUE_PARTITION, gsi1sk: `${dueAt}#${number}` };
      return status.state === 'RESERVED' ? { ...due, reservationId: status.reservationId } : due;
    }
    case 'ASSIGNED':
      return {
        ...{ state, ...ownerAttributes(status.owner), ...poolIndexKeys(status.state, pool, number) },
        ...(status.missingSince === undefined ? {} : { missingSince: status.missingSince }),
      };
    case 'BLOCKED':
      return {
        ...{ state, reason: status.reason, ...poolIndexKeys(status.state, pool, number) },
        ...(status.heldUntil === undefined ? {} : { heldUntil: status.heldUntil }),
      };
    case 'UNUSED':
      return { state, ...poolIndexKeys(status.state, pool, number) };
  }
}

export function ownerAttributes({ agentId, arn, username, firstName, lastName }: NumberOwner) {
  return { agentId, agentArn: arn, username, firstName, lastName };
}

export function poolIndexKeys(state: 'UNUSED' | 'ASSIGNED' | 'BLOCKED', pool: string, number: string) {
  return { gsi1pk: poolPartition(state, pool), gsi1sk: number };
}

export function numberItem(record: DirectoryNumber): Record<string, unknown> {
  const { number, pool } = record;
  return {
    ...numberKey(number),
    pool,
    ...readDirectDetails(record),
    ...statusAttributes(number, pool, record),
  };
}

/** Undefined for an item that is no number, whatever wrote it. */
export function numberFromItem(item: Record<string, unknown> | undefined): DirectoryNumber | undefined {
  if (typeof item?.pk !== 'string' || item.sk !== 'NUMBER') return undefined;
  const status = statusFromItem(item);
  if (!status) return undefined;
  return {
    number: numberOfKey(item.pk),
    pool: textAttribute(item.pool),
    ...readDirectDetails(item),
    ...status,
  };
}

function statusFromItem(item: Record<string, unknown>): NumberStatus | undefined {
  switch (item.state) {
    case 'UNUSED':
      return { state: 'UNUSED' };
    case 'BLOCKED':
      return {
        state: 'BLOCKED',
        reason: BLOCK_REASONS.find((known) => known === item.reason) ?? 'MANUAL',
        ...(typeof item.heldUntil === 'string' ? { heldUntil: item.heldUntil } : {}),
      };
    case 'RESERVED':
      return {
        state: 'RESERVED',
        dueAt: textAttribute(item.dueAt),
        reservationId: textAttribute(item.reservationId),
      };
    case 'QUARANTINED':
      return { state: 'QUARANTINED', dueAt: textAttribute(item.dueAt) };
    case 'ASSIGNED': {
      const { agentId, agentArn: arn, username, firstName, lastName, missingSince } = item;
      if (typeof agentId !== 'string' || agentId === '') return undefined;
      const names = {
        username: textAttribute(username),
        firstName: textAttribute(firstName),
        lastName: textAttribute(lastName),
      };
      return {
        ...{ state: 'ASSIGNED', owner: { agentId, arn: textAttribute(arn), ...names } },
        ...(typeof missingSince === 'string' ? { missingSince } : {}),
      };
    }
    default:
      return undefined;
  }
}

const BLOCK_REASONS = ['OTHER_FLOW', 'NO_FLOW', 'NOT_IN_CONNECT', 'MANUAL'] as const;

/** Of a record or an item, whatever wrote it. */
export function readDirectDetails(
  from: { [Name in keyof DirectNumberDetails]?: unknown },
): DirectNumberDetails {
  const { source, phoneNumberId, country, type, sms } = from;
  return {
    ...(source === 'connect' || source === 'import' ? { source } : {}),
    ...(typeof phoneNumberId === 'string' ? { phoneNumberId } : {}),
    ...(typeof country === 'string' ? { country } : {}),
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof sms === 'boolean' ? { sms } : {}),
  };
}

/** Whether texts may be sent from it: it is a direct number in service, an agent's or a main line. */
export function maySendTexts(record: DirectoryNumber | undefined): boolean {
  if (record?.pool !== DIRECT_POOL || record.sms === false) return false;
  return record.state === 'ASSIGNED' || (record.state === 'BLOCKED' && record.reason === 'OTHER_FLOW');
}

/** Reads one number, as the directory writes it: digits of an extension, or E.164. */
export async function getNumber(
  { client, table }: Directory,
  number: string,
  options: { consistent?: boolean; abortSignal?: AbortSignal } = {},
): Promise<DirectoryNumber | undefined> {
  const { consistent = false, abortSignal } = options;
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: numberKey(number), ConsistentRead: consistent }),
    abortSignal ? { abortSignal } : {},
  );
  return numberFromItem(Item);
}
