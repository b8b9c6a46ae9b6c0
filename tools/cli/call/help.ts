export const HELP = `Usage: npm run call -- [FLAGS]

Calls a number of the machine that npm start runs, plays its flow and prints what the caller hears.

  --from NUMBER        who calls, with the country code, or anonymous            (+14155550100)
  --to NUMBER          the number that is called           (the first that leads to a flow)
  --keys KEYS          what the caller keys: one entry for each question, separated by commas or spaces.
                       0-9 * # are keys, a letter is the key it stands on, - keys nothing, . waits a second,
                       ! at the beginning keys while the question is still being asked.
  --agent NAME=STATE   how an agent is, by user name: available, busy, away, offline, silent, full,
                       answers:SECONDS; may be repeated
  --queue NAME=STATE   how a queue is: open, unstaffed, silent, full, answers:SECONDS; may be repeated
  --channel KIND       voice or chat                                             (voice)
  --hang-up SECONDS    the caller hangs up so long after the beginning
  --json               prints one JSON object
  --lambda-url URL     where functions are invoked                               (http://127.0.0.1:3001)
  --connect-url URL    where Connect is                                          (http://127.0.0.1:3002)

Exit codes: 0 the call ended in a queue, with an agent, or after a goodbye; 1 it did not; 2 a flag is wrong.
`;
