import type { BlockReason, NumberState } from '#core/directory/numbers.ts';
import type { Directory } from '#core/directory/table.ts';
import type { Clock } from '#core/platform/clock.ts';

/** What somebody wants to choose from. */
export type ReserveRequest = (
  | { pool: 'extension' }
  /** Direct numbers in E.164 that begin with `prefix`, a calling code and an area code: `+1613`. */
  | { pool: 'direct'; prefix: string }
) & {
  /** 1 to 20; fewer are reserved when there are no more. */
  count: number;
  /** The same key gives the same reservation. */
  idempotencyKey?: string;
};

/** Numbers that nobody else gets until one of them is chosen, or the reservation expires. */
export interface Reservation {
  /** A UUID. */
  refId: string;
  /** In order. Direct numbers in E.164, extensions as they are dialed. */
  phoneNumbers: string[];
  /** ISO time. */
  expiresAt: string;
}

export interface AssignRequest {
  /** The agent's user id in Connect. */
  userId: string;
  refId: string;
  /** One of the reservation's. */
  phoneNumber: string;
  /** Give up the number of the same pool that the user has. */
  replace: boolean;
}

export interface ReleaseRequest {
  userId: string;
  phoneNumber: string;
}

export interface NumbersQuery {
  state: NumberState;
  pool: string;
  /** At most so many numbers. */
  limit: number;
  /** `next` of the page before. */
  after?: string;
}

/** The numbers of the directory, for programs. Numbers are canonical: digits of an extension, or E.164. */
export interface Phonebook {
  /** Whether the directory has the number, in whatever state. One GetItem; a write of this second may be missing. */
  hasNumber(phoneNumber: string): Promise<boolean>;
  /**
   * @throws {NotFoundError} `NO_SUCH_POOL`: the directory has no such numbers
   * @throws {ConflictError} `NONE_LEFT`: it has, and none is free
   * and `RESERVATION_USED`: a number of the key's reservation was chosen, and the others are free
   * @throws {UnprocessableError} `IDEMPOTENCY_KEY_REUSED`: the key came with another request before
   * @throws {GoneError} `RESERVATION_EXPIRED`: the key's reservation has expired
   */
  reserveNumbers(request: ReserveRequest): Promise<Reservation>;
  /**
   * Gives a number of the reservation to a user and frees the others, all at once. The same again is the same answer,
   * also after the reservation's time.
   *
   * @throws {NotFoundError} `RESERVATION_NOT_FOUND`, `NUMBER_NOT_IN_RESERVATION`, `USER_NOT_FOUND`
   * @throws {ConflictError} `RESERVATION_USED`: another number or user was chosen before. `USER_HAS_NUMBER`: and
   * `replace` is not said. `USER_ASKS_FOR_ANOTHER`: the user's tag asks for another extension. `NUMBER_BLOCKED`: the number was taken out of service since it was reserved
   * @throws {GoneError} `RESERVATION_EXPIRED`
   */
  assignNumber(request: AssignRequest): Promise<void>;
  /**
   * A user gives a number up: it is quarantined. The same again is the same answer, also of an extension outside of the
   * range, which leaves the directory by that. An agent who gives its extension up waits for another one.
   *
   * @throws {NotFoundError} `USER_NOT_FOUND`, `NUMBER_NOT_FOUND`
   * @throws {ConflictError} `NUMBER_OF_ANOTHER_USER`
   */
  releaseNumber(request: ReleaseRequest): Promise<void>;
  /** An agent of the directory by its user id in Connect. */
  getUser(userId: string): Promise<PhonebookUser | undefined>;
  /**
   * Numbers in order, those that are reserved or quarantined in the order in which they become due. A page may have
   * fewer than `limit`, or none, and still say that there are more.
   *
   * @throws {InvalidInputError} `INVALID_TOKEN`, when `after` is not the `next` of a page
   */
  listNumbers(query: NumbersQuery): Promise<NumberPage>;
}

export interface PhonebookSettings {
  directory: Directory;
  /** How long a reservation lasts. */
  reservationMs: number;
  /** How long a number that was given up is nobody's; 0: not at all. */
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
  /** Whom it reaches, when it is assigned. */
  userId?: string;
  /** Why it is blocked. */
  reason?: BlockReason;
  /** When a reservation or a quarantine ends, as ISO time. */
  dueAt?: string;
}

export interface NumberPage {
  numbers: ListedNumber[];
  /** Where the next page begins; absent on the last one. */
  next?: string;
}

/** What every operation works with. */
export type PhonebookContext = Required<PhonebookSettings>;
