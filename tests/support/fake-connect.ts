import { type Connect, type ConnectSender, createConnect } from '#core/connect/connect.ts';

/** What Connect answers to an operation, by its name. It throws an error, and answers the entries of a list in turn. */
export type Answers = Record<string, object | Error | (object | Error)[]>;

export const CONNECT_INSTANCE_ARN =
  'arn:aws:connect:eu-central-1:111122223333:instance/10ca1000-5017-4b0a-8d00-000000000001';

/**
 * The adapter on a client that answers from a table. Its clock jumps to the end of every wait.
 *
 * @returns the adapter, the waits in milliseconds, and the requests
 */
export function answeringConnect(answers: Answers) {
  const waits: number[] = [];
  const requests: { operation: string; input: object }[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    random: () => 0.5,
    async sleep(milliseconds: number) {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
  async function send({ constructor: { name }, input }: { constructor: { name: string }; input: object }) {
    const operation = name.replace(/Command$/, '');
    requests.push({ operation, input: { ...input } });
    const answer = answers[operation];
    const next = Array.isArray(answer) ? answer.shift() : answer;
    if (next instanceof Error) throw next;
    return next ?? {};
  }
  const client = { send } as unknown as ConnectSender;
  const connect: Connect = createConnect({
    instanceArn: CONNECT_INSTANCE_ARN,
    clock,
    share: 'deployment',
    caller: 'a test',
    client,
    deadline: 240_000,
  });
  return { connect, waits, requests };
}

/** An error as Connect's client throws it. */
export function connectError(name: string, httpStatusCode: number, more: object = {}): Error {
  return Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode }, ...more });
}
