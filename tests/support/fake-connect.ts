import { type ConnectCalls, createConnectCalls } from '#core/deployment/connect.ts';

/** What Connect answers to an operation, by its name; an error is thrown. */
export type Answers = Record<string, object | Error | (object | Error)[]>;

/**
 * Connect without Connect, for what one request asks and understands; time goes by as fast as it is asked for.
 *
 * @returns the calls, and the times that were waited for, in milliseconds
 */
export function fakeConnect(answers: Answers): { calls: ConnectCalls; waits: number[] } {
  const waits: number[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    random: () => 0.5,
    async sleep(milliseconds: number) {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
  async function send(command: object): Promise<object> {
    const answer = answers[command.constructor.name.replace(/Command$/, '')];
    const next = Array.isArray(answer) ? answer.shift() : answer;
    if (next instanceof Error) throw next;
    return next ?? {};
  }
  const client = { send } as unknown as ConnectCalls['client'];
  return { calls: createConnectCalls(client, 'instance', clock, 240_000), waits };
}

/** An error as Connect's client throws it. */
export function connectError(name: string, httpStatusCode: number, more: object = {}): Error {
  return Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode }, ...more });
}
