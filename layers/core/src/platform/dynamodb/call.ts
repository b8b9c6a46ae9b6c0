/** An item, or the key of one. */
export type Item = Record<string, unknown>;

/**
 * Makes a request: as it is, with a policy (`policy.run`), or with its outages named (`asUnavailable`). It may send the
 * request more than once.
 */
export type Call = <T>(send: (signal?: AbortSignal) => Promise<T>) => Promise<T>;

export const callOnce: Call = (send) => send();
