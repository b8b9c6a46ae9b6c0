/**
 * The ID at the end of an ARN, without a version (`…/contact-flow/<id>:$SAVED`). An ID is returned unchanged. Whether Connect
 * answers with IDs or ARNs is not documented for every operation.
 */
export function idOf(arnOrId: string): string {
  return arnOrId.slice(arnOrId.lastIndexOf('/') + 1).replace(/:.*$/, '');
}

export interface ConnectInstance {
  arn: string;
  id: string;
  region: string;
  account: string;
}

/** See https://docs.aws.amazon.com/connect/latest/adminguide/find-instance-arn.html */
const INSTANCE_ARN = /^arn:aws[a-z-]*:connect:([a-z0-9-]+):(\d{12}):instance\/([a-f0-9-]{36})$/;

/** The parts of an instance's ARN; undefined for any other text. */
export function parseInstanceArn(arn: string): ConnectInstance | undefined {
  const [, region, account, id] = INSTANCE_ARN.exec(arn) ?? [];
  if (region === undefined || account === undefined || id === undefined) return undefined;
  return { arn, id, region, account };
}
