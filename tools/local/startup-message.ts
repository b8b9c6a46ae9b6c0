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

/** What a person sees who just started: where everything is, and something to try. */
export function startupMessage({ urls, callRouting }: { urls: StackUrls; callRouting: CallRouting }): string {
  const { api, lambda, connect, dynamodb } = urls;
  return `
  REST API   ${api}   (x-api-key: ${API_KEY})
  Lambda     ${lambda}   (function names are those of template.yaml; GET /_queues shows the dead letters)
  Connect    ${connect}   (an emulator, with its quota of 2 requests/s; answers KMS as well; GET /_sms shows the texts)
  DynamoDB   ${dynamodb}
${formatCallRouting(callRouting)}
  Who is calling?
    aws lambda invoke --endpoint-url ${lambda} --region eu-central-1 \\
      --function-name CallerLookupFunction --payload fileb://events/caller-lookup.json /dev/stdout | cat
    curl -s ${api}/contacts/lookup -H 'x-api-key: ${API_KEY}' -d '{"identifier": "(415) 555-0100"}'

  The AWS CLI wants some credentials: AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local will do.
  Ctrl-C stops everything.
`;
}

/** The one line that other programs wait for. */
export function readyLine({ api, lambda, connect, dynamodb }: StackUrls): string {
  return `ready: api=${api} lambda=${lambda} connect=${connect} dynamodb=${dynamodb}`;
}

/** What became of the deployment in the emulator for Connect. */
export interface CallRouting {
  /** The numbers that ring the inbound flow. */
  numbers: string[];
  inbound: string;
  /** The names of all flows. */
  flows: string[];
  /** Flows that were left alone because somebody changed them, in the setup's words; empty when there are none. */
  keptFlows: string;
}

/** @param outputs what the custom resource that sets Connect up answered */
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

/** The same for a person: one line, and another when flows were kept. */
export function formatCallRouting({ numbers, inbound, flows, keptFlows }: CallRouting): string {
  const rings = numbers.length > 0 ? numbers.join(', ') : 'no number';
  const others = flows.filter((name) => name !== inbound).join(', ');
  const line = `  Calls      ${rings} rings the flow "${inbound}"   (besides: ${others})\n`;
  if (keptFlows === '') return line;
  return `${line}  FlowsKept  ${keptFlows}\n             Here: the same start with --parameter OverwriteFlows=true.\n`;
}
