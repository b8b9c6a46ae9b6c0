import type { BlockReason, NumberState } from '#core/directory/numbers.ts';
import type { Directory } from '#core/directory/table.ts';
import type { Clock } from '#core/platform/clock.ts';

export type ReserveRequest = (
  | { pool: 'extension' }
  /** Direct numbers in E.164 that begin with `prefix`: a calling code and an area code, such as `+1613`. */
  | { pool: 'direct'; prefix: string }
) & {
  /** 1 to 20. Fewer numbers are reserved when there are no more. */
  count: number;
  /** Requests with the same key get the same reservation. */
  idempotencyKey?: string;
};

/** Numbers that are held for one request until one of them is chosen, or the reservation expires. */
export interface Reservation {
  /** A UUID. */
  refId: string;
  /** In order. Direct numbers in E.164, extensions as callers dial them. */
  phoneNumbers: string[];
  /** ISO time. */
  expiresAt: string;
}

export interface AssignRequest {
  /** The agent's user ID in Connect. */
  userId: string;
  refId: string;
  /** A number of the reservation. */
  phoneNumber: string;
  /** Whether to release the number of the same pool that the user has. */
  replace: boolean;
}

export interface ReleaseRequest {
  userId: string;
  phoneNumber: string;
}

export interface NumbersQuery {
  state: NumberState;
  pool: string;
  /** The most numbers to return. */
  limit: number;
  /** `next` of the previous page. */
  after?: string;
}

/** The numbers of the directory, for client programs. Numbers are canonical: digits of an extension, or E.164. */
export interface Phonebook {
  /** Whether the directory has the number, in any state. One GetItem, which may miss a write of the last second. */
  hasNumber(phoneNumber: string): Promise<boolean>;
  /**
   * @throws {NotFoundError} `NUMBERS_NOT_FOUND`: the directory has no such numbers
   * @throws {ConflictError} `NO_NUMBERS_AVAILABLE`: none of the numbers is free. `RESERVATION_USED`: a number of the key's
   * reservation was assigned
   * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`: an earlier request with other parameters used the key
   * @throws {GoneError} `RESERVATION_EXPIRED`: the key's reservation has expired
   */
  reserveNumbers(request: ReserveRequest): Promise<Reservation>;
  /**
   * Assigns a number of the reservation to a user and frees the other numbers, in one transaction. A repeated call
   * succeeds, also after the reservation has expired.
   *
   * @throws {NotFoundError} `RESERVATION_NOT_FOUND`, `NUMBER_NOT_IN_RESERVATION`, `USER_NOT_FOUND`
   * @throws {ConflictError} `RESERVATION_USED`: the reservation was used for another number or user. `USER_HAS_NUMBER`:
   * the user has a number, and `replace` is false. `PREFERRED_EXTENSION_DIFFERS`: the user's tag requests another extension.
   * `NUMBER_BLOCKED`: the number was taken out of service after it was reserved
   * @throws {GoneError} `RESERVATION_EXPIRED`
   */
  assignNumber(request: AssignRequest): Promise<void>;
  /**
   * Releases a number of a user into quarantine. A repeated call succeeds, also for an extension outside the range, which
   * leaves the directory. An agent without an extension goes to the waiting list.
   *
   * @throws {NotFoundError} `USER_NOT_FOUND`, `NUMBER_NOT_FOUND`
   * @throws {ConflictError} `NUMBER_ASSIGNED_TO_OTHER_USER`
   */
  releaseNumber(request: ReleaseRequest): Promise<void>;
  /** @param userId the agent's user ID in Connect */
  getUser(userId: string): Promise<PhonebookUser | undefined>;
  /**
   * Lists numbers in order. Reserved and quarantined numbers are in the order in which they become due. A page can have
   * fewer numbers than `limit`, or none, and still have a `next`.
   *
   * @throws {InvalidInputError} `INVALID_TOKEN`: `after` is not the `next` of a page
   */
  listNumbers(query: NumbersQuery): Promise<NumberPage>;
}

export interface PhonebookSettings {
  directory: Directory;
  /** How long a reservation lasts. */
  reservationMs: number;
  /** How long released numbers are in quarantine. With 0, there is no quarantine. */
  quarantineDays: number;
  clock?: Clock;
}

/** An agent of the directory, with the numbers that reach it. */
export interface PhonebookUser {
  userId: string;
  username: string;
  displayName: string;
  extension?: string;
  /** In E.164. */
  directNumber?: string;
}

export interface ListedNumber {
  phoneNumber: string;
  pool: string;
  state: NumberState;
  /** The user of an assigned number. */
  userId?: string;
  /** Why a blocked number is blocked. */
  reason?: BlockReason;
  /** When a reservation or a quarantine ends, as ISO time. */
  dueAt?: string;
}

export interface NumberPage {
  numbers: ListedNumber[];
  /** Where the next page begins. Absent on the last page. */
  next?: string;
}

/** The settings with their defaults. */
export type PhonebookContext = Required<PhonebookSettings>;
