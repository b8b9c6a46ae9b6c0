import type { CommandName } from './flags.ts';

const DEPLOYMENT = `Which deployment (flag, environment variable, value of npm start):
  --endpoint URL                 AWS_ENDPOINT_URL_DYNAMODB   http://127.0.0.1:8000
  --connect-endpoint URL         AWS_ENDPOINT_URL_CONNECT    http://127.0.0.1:3002
  --region NAME                  AWS_REGION                  eu-central-1
  --table NAME                   DIRECTORY_TABLE             DirectoryTable
  --instance ARN                 CONNECT_INSTANCE_ARN        the instance of the emulator
  --stack NAME                   STACK_NAME                  switchboard
The values of npm start are used only when the endpoint is on this machine. For AWS itself give --region and what the
command needs: search the --instance, claim the --instance and the --stack, the others the --table.
`;

const BLOCK = `  block NUMBER     take a number out of service by hand: nobody is given it until it is unblocked. One that a user has
                   must be released first
  unblock NUMBER   … and take it back: unused, or in what is left of its quarantine. What becomes of a number of the
                   instance says the next sync
`;

/** Of each command: what it does, and its own flags. */
const COMMANDS: Record<CommandName, { does: string; flags?: string }> = {
  search: {
    does: `  search PREFIX    phone numbers that could be claimed: an area code (613), or the beginning of a number (+1613)
`,
    flags: `search:
  --country CC                   of the area code (US; what the area code tells wins: 613 is CA)
  --type DID|TOLL_FREE           DID, numbers of an area, if it is not said
  --limit N                      at most so many (20)
`,
  },
  claim: {
    does: `  claim NUMBER     claim a phone number (+16135550150) for the Connect instance, and point it at the flow for direct
                   numbers. It asks first. Run again after an interruption it goes on; a number is never claimed twice.
`,
    flags: `claim:
  --yes                          do not ask
  --description TEXT             what the console of Connect shows beside it
`,
  },
  import: {
    does: `  import FILE      take the direct numbers of a CSV or NDJSON file into the phonebook
`,
    flags: `import:
  --country CC                   of numbers without a country code (US)
  --format csv|ndjson            instead of telling by the name (.csv, .ndjson, .jsonl)
  --parallel N                   writes at once (16)
  --fresh                        forget where an earlier run got to, start at the top
Rows that are not accepted go to FILE.rejected. The columns stand in docs/phonebook.md.
`,
  },
  block: { does: BLOCK },
  unblock: { does: BLOCK },
  list: {
    does: `  list             the direct numbers of the phonebook, and what they are in use for
`,
    flags: `list:
  --state STATE                  UNUSED, RESERVED, ASSIGNED, QUARANTINED or BLOCKED only
  --pool direct|extension        direct, if it is not said
  --limit N                      at most so many of each state (1000)
`,
  },
};

/** @param about one command; undefined: all of them */
export function helpOf(about?: CommandName): string {
  const told = about === undefined ? Object.values(COMMANDS) : [COMMANDS[about]];
  return [
    `Usage: npm run phonebook -- COMMAND [FLAGS]\n`,
    [...new Set(told.map(({ does }) => does))].join(''),
    ...told.flatMap(({ flags = [] }) => flags),
    DEPLOYMENT,
    'Exit code: 0 all done; 2 done, but some rows were left out; 1 failed, stopped or not wanted.\n',
  ].join('\n');
}
