import { type JsonObject, textAt } from '#tools/json.ts';
import type { AwsEmulator } from './emulators/index.ts';
import { API_KEY } from './rest/rest-api.ts';

/** The addresses that `npm start` prints. */
export interface StackUrls {
  api: string;
  lambda: string;
  connect: string;
  dynamodb: string;
}

/** The addresses, and a first request to try. */
export function startupMessage({ urls, callRouting }: { urls: StackUrls; callRouting: CallRouting }): string {
  const { api, lambda, connect, dynamodb } = urls;
  return `
  REST API   ${api}   (x-api-key: ${API_KEY})
  Lambda     ${lambda}   (function names as in template.yaml; GET /_queues shows the dead letters)
  Connect    ${connect}   (emulator, limited to 2 requests/s for each operation; also KMS, S3, and SMS: GET /_sms shows the texts)
  DynamoDB   ${dynamodb}
${formatCallRouting(callRouting)}
  Look up a caller:
    aws lambda invoke --endpoint-url ${lambda} --region eu-central-1 \\
      --function-name CallerLookupFunction --payload fileb://events/caller-lookup.json /dev/stdout | cat
    curl -s ${api}/contacts/lookup -H 'x-api-key: ${API_KEY}' -d '{"identifier": "(415) 555-0100"}'

  The AWS CLI needs credentials. Any will do: AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  To stop, press Ctrl-C.
`;
}

/** The line that other programs wait for. */
export function readyLine({ api, lambda, connect, dynamodb }: StackUrls): string {
  return `ready: api=${api} lambda=${lambda} connect=${connect} dynamodb=${dynamodb}`;
}

/** The numbers and flows in the emulator for Connect after the setup. */
export interface CallRouting {
  /** The numbers that ring the inbound flow. */
  numbers: string[];
  inbound: string;
  /** The names of all flows. */
  flows: string[];
  /** The flows that the setup kept because a user changed them; empty when there are none. */
  keptFlows: string;
}

/** @param outputs the attributes of the custom resource that sets up Connect */
export function readCallRouting({ flows, numbers }: AwsEmulator['state'], outputs: JsonObject): CallRouting {
  const arn = textAt(outputs, 'InboundFlowArn');
  const inbound = flows.all().find(({ Arn }) => Arn === arn);
  const ringing = numbers.all().filter(({ ContactFlowId }) => inbound && ContactFlowId === inbound.Id);
  const kept = textAt(outputs, 'FlowsKept') ?? 'none';
  return {
    numbers: ringing.map(({ PhoneNumber }) => PhoneNumber),
    inbound: inbound?.Name ?? 'none',
    flows: flows.all().map(({ Name }) => Name),
    keptFlows: kept === 'none' ? '' : kept,
  };
}

/** One line, and another when the setup kept flows. */
export function formatCallRouting({ numbers, inbound, flows, keptFlows }: CallRouting): string {
  const rings = numbers.length > 0 ? numbers.join(', ') : 'no number';
  const others = flows.filter((name) => name !== inbound).join(', ');
  const line = `  Calls      ${rings} rings the flow "${inbound}"   (other flows: ${others})\n`;
  if (keptFlows === '') return line;
  return `${line}  FlowsKept  ${keptFlows}\n             To replace them, start again with --parameter OverwriteFlows=true.\n`;
}
