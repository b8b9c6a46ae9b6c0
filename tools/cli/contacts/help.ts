export const HELP = `Usage: npm run contacts -- COMMAND [FLAGS]

  import FILE    write the contacts of a CSV or NDJSON file
  reindex        rebuild the lookup index from the contacts
  rotate-keys    move every contact, index row and opt-out to the newest key version

Each can be stopped at any time; the same command goes on where it was.

import:
  --format csv|ndjson            instead of telling by the name (.csv, .ndjson, .jsonl)
  --parallel N                   writes at once (32)
  --fresh                        forget where an earlier run got to, start at the top
Rows that are not accepted go to FILE.rejected. The format of FILE stands in docs/import.md.

reindex and rotate-keys:
  --segments N                   parts the tables are read in (16; 1 on this machine)
  --parallel N                   parts read at once (4)
  --max-writes-per-second N      writes at most so fast (no limit)
  --dry-run                      reindex only: count what is wrong, change nothing
  --fresh                        forget where an earlier run got to, start at the top

Which deployment (flag, environment variable, value of npm start):
  --endpoint URL                 AWS_ENDPOINT_URL_DYNAMODB   http://127.0.0.1:8000
  --kms-endpoint URL             AWS_ENDPOINT_URL_KMS        http://127.0.0.1:3002
  --region NAME                  AWS_REGION                  eu-central-1
  --table NAME                   CONTACTS_TABLE              ContactsTable
  --lookup-table NAME            LOOKUP_TABLE                LookupTable
  --messages-table NAME          MESSAGES_TABLE              MessagesTable (rotate-keys only)
  --root-key ARN                 ROOT_KEY_ARN                the key of the emulator
  --organization NAME            ORGANIZATION                main
  --key-versions N,…             KEY_VERSIONS                1
  --country CC                   DEFAULT_COUNTRY             US
The values of npm start are used only when the endpoint is on this machine. For AWS itself give --region
(or --endpoint) and all the others; the outputs of the stack name them.

Exit code: 0 all done; 2 done, but some rows or contacts were left out; 1 failed or stopped.
`;
