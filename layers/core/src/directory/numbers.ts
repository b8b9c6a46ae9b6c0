import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Directory, textAttribute } from './table.ts';

/** Internal extensions, as the extension range defines them. */
export const EXTENSION_POOL = 'extension';
/** Direct numbers in E.164, which callers dial from outside. */
export const DIRECT_POOL = 'direct';

/** The agent that a number reaches, as much of it as a transfer needs. */
export interface NumberOwner {
  agentId: string;
  arn: string;
  username: string;
  firstName: string;
  lastName: string;
}

/**
 * Why a number cannot be assigned:
 * - `OTHER_FLOW`: its calls go to another flow than the one that transfers to agents
 * - `NO_FLOW`: no flow answers its calls
 * - `NOT_IN_CONNECT`: the Connect instance no longer has it
 * - `MANUAL`: a person blocked it
 */
export type BlockReason = 'OTHER_FLOW' | 'NO_FLOW' | 'NOT_IN_CONNECT' | 'MANUAL';

/** The state of a number, with its attributes. Every change names the state that it leaves, see `transitions`. */
export type NumberStatus =
  | { state: 'UNUSED' }
  /** One reservation holds it until `dueAt`. */
  | { state: 'RESERVED'; dueAt: string; reservationId: string }
  | { state: 'QUARANTINED'; dueAt: string }
  /** `missingSince`: when a full sync did not find it in the instance. The next one that does not find it revokes it. */
  | { state: 'ASSIGNED'; owner: NumberOwner; missingSince?: string }
  /**
   * `heldUntil`: it cannot be assigned earlier, whatever its state becomes: it was an agent's, or the run that did not
   * find it must not remove it too.
   */
  | { state: 'BLOCKED'; reason: BlockReason; heldUntil?: string };

export type NumberState = NumberStatus['state'];

/** The attributes of a direct number that do not depend on its state. */
export interface DirectNumberDetails {
  /** Where it comes from: the Connect instance, or a file that a person imported. */
  source?: 'connect' | 'import';
  /** Its ID in Connect. */
  phoneNumberId?: string;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  /** The type in Connect: `DID`, `TOLL_FREE` … */
  type?: string;
  /** False: it must not send texts. */
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

/** The index partition of the reserved and quarantined numbers of all pools, by `dueAt`. */
export const DUE_PARTITION = 'DUE';

export function unusedPartition(pool: string): string {
  return poolPartition('UNUSED', pool);
}

/** The index partition of a pool's unused, assigned, or blocked numbers, in order. */
export function poolPartition(state: 'UNUSED' | 'ASSIGNED' | 'BLOCKED', pool: string): string {
  return `${state}#${pool}`;
}

/** The attributes that belong to a state. They are removed when the state ends. */
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

/** Undefined for an item that is not a number. */
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

/** Reads the details of a record or an item, without the attributes that have another type. */
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

/** Whether texts may be sent from a number: a direct number in service that is an agent's or a main line. */
export function maySendTexts(record: DirectoryNumber | undefined): boolean {
  if (record?.pool !== DIRECT_POOL || record.sms === false) return false;
  return record.state === 'ASSIGNED' || (record.state === 'BLOCKED' && record.reason === 'OTHER_FLOW');
}

/** Reads one number: the digits of an extension, or a direct number in E.164. */
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
