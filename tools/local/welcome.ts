import type { Machine } from './local-stack.ts';
import { API_KEY } from './rest/index.ts';
import { ringingLines } from './ringing.ts';

/** What a person sees who just started: where everything is, and something to try. */
export function welcome({ urls, ringing }: Pick<Machine, 'urls' | 'ringing'>): string {
  const { api, lambda, connect, dynamodb } = urls;
  return `
  REST API   ${api}   (x-api-key: ${API_KEY})
  Lambda     ${lambda}   (function names are those of template.yaml; GET /_queues shows the dead letters)
  Connect    ${connect}   (a stand-in, with its quota of 2 requests/s; answers KMS as well; GET /_sms shows the texts)
  DynamoDB   ${dynamodb}
${ringingLines(ringing)}
  Who is calling?
    aws lambda invoke --endpoint-url ${lambda} --region eu-central-1 \\
      --function-name CallerLookupFunction --payload fileb://events/caller-lookup.json /dev/stdout | cat
    curl -s ${api}/contacts/lookup -H 'x-api-key: ${API_KEY}' -d '{"identifier": "(415) 555-0100"}'

  The AWS CLI wants some credentials: AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local will do.
  Ctrl-C stops everything.
`;
}

/** The one line that other programs wait for. */
export function readyLine({ api, lambda, connect, dynamodb }: Machine['urls']): string {
  return `ready: api=${api} lambda=${lambda} connect=${connect} dynamodb=${dynamodb}`;
}
