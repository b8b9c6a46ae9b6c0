import * as v from 'valibot';
import { type ConnectInstance, parseInstanceArn } from '#core/connect/arns.ts';
import { parseRanges } from '#core/directory/ranges.ts';
import { FLOW_LANGUAGES, type FlowLanguage, formatFlowName, SHIPPED_FLOWS } from '#core/flows/index.ts';
import { settings } from '#core/platform/env.ts';
import { ConfigurationError, SwitchboardError } from '#core/platform/errors.ts';

/** The input of connect-setup. Its properties have the names of the template's parameters. */
export interface SetupProperties extends SetupSettings {
  /** The functions that flows invoke, by their placeholders. */
  functions: v.InferOutput<typeof functionsSchema>;
  /** Invoked once at the end. */
  syncFunctionArn: string;
}

/** The parameters that a person chooses. */
export interface SetupSettings {
  instance: ConnectInstance;
  stackName: string;
  /** A name, an ID, or an ARN; empty: the default queue of the instance. */
  operatorQueue: string;
  /** The same; empty: the operator's queue. */
  vipQueue: string;
  agentRingSeconds: string;
  defaultLanguage: FlowLanguage;
  overwriteFlows: boolean;
  /** An ID or an ARN; empty: no number is pointed at the inbound flow. */
  phoneNumber: string;
}

/** The account and the Region of the function. What it sets up must be there too. */
export interface FunctionLocation {
  account: string;
  region: string;
}

const NUMBER_ARN = /^arn:aws[a-z-]*:connect:([^:]*):([^:]*):phone-number\//;

const functionArn = v.pipe(v.string(), v.regex(/^arn:aws[a-z-]*:lambda:[^:]+:\d{12}:function:[^:]+$/));
const optionalText = v.optional(v.pipe(v.string(), v.trim()), '');

/** To add a function, add a line here and one in the template. */
const functionsSchema = v.object({
  CallerLookupFunctionArn: functionArn,
  ExtensionTransferFunctionArn: functionArn,
  NameDirectoryFunctionArn: functionArn,
  FlowSmsFunctionArn: functionArn,
});

const settingsSchema = v.object({
  ConnectInstanceArn: v.string(),
  StackName: v.pipe(v.string(), v.nonEmpty()),
  ExtensionRange: v.string(),
  OperatorQueue: optionalText,
  VipQueue: optionalText,
  AgentRingSeconds: v.pipe(v.string(), v.regex(/^[1-9]\d{0,4}$/)),
  DefaultLanguage: v.picklist(FLOW_LANGUAGES),
  OverwriteFlows: v.picklist(['true', 'false']),
  PhoneNumberId: optionalText,
  /** Checked here so that a wrong name fails the deployment, not every call. */
  TimeZone: optionalText,
});

const schema = v.object({
  ...settingsSchema.entries,
  Functions: functionsSchema,
  SyncFunctionArn: functionArn,
});

/** What a property must be, where its name does not say it. */
const EXPECTED: Record<string, string> = {
  AgentRingSeconds: 'a whole number of seconds, such as 25',
  DefaultLanguage: `one of ${FLOW_LANGUAGES.join(', ')}`,
  OverwriteFlows: 'true or false',
};

/**
 * Parses the properties, and checks what can be checked without a request to Connect.
 *
 * @throws {ConfigurationError} `INVALID_PROPERTIES`, with all faults
 */
export function parseSetupProperties(
  properties: Record<string, unknown>,
  home: FunctionLocation,
): SetupProperties {
  const given = parse(schema, properties);
  return {
    ...validateSettings(given, home),
    functions: given.Functions,
    syncFunctionArn: given.SyncFunctionArn,
  };
}

/**
 * Parses the parameters that a person chooses, before the functions exist.
 *
 * @throws {ConfigurationError} `INVALID_PROPERTIES`, with all faults
 */
export function parseSetupSettings(
  properties: Record<string, unknown>,
  home: FunctionLocation,
): SetupSettings {
  return validateSettings(parse(settingsSchema, properties), home);
}

function parse<Schema extends v.GenericSchema>(
  wanted: Schema,
  properties: Record<string, unknown>,
): v.InferOutput<Schema> {
  const read = v.safeParse(wanted, properties);
  if (read.success) return read.output;
  const fields = new Set(read.issues.map((issue) => v.getDotPath(issue) ?? 'Properties'));
  const faults = [...fields].map((field) => `${field} is missing or not ${EXPECTED[field] ?? 'valid'}`);
  throw new ConfigurationError('INVALID_PROPERTIES', `${faults.join('; ')}.`);
}

function validateSettings(
  given: v.InferOutput<typeof settingsSchema>,
  home: FunctionLocation,
): SetupSettings {
  const instance = readInstance(given.ConnectInstanceArn, home);
  const faults = [
    typeof instance === 'string' ? instance : '',
    stackNameFault(given.StackName),
    numberFault(given.PhoneNumberId, home),
    rangeFault(given.ExtensionRange),
    timeZoneFault(given.TimeZone),
  ];
  const found = faults.filter((fault) => fault !== '');
  if (found.length > 0 || typeof instance === 'string') {
    throw new ConfigurationError('INVALID_PROPERTIES', found.join(' '));
  }
  return {
    instance,
    stackName: given.StackName,
    operatorQueue: given.OperatorQueue,
    vipQueue: given.VipQueue,
    agentRingSeconds: given.AgentRingSeconds,
    defaultLanguage: given.DefaultLanguage,
    overwriteFlows: given.OverwriteFlows === 'true',
    phoneNumber: given.PhoneNumberId,
  };
}

/** The instance, or the fault of its ARN. */
function readInstance(arn: string, home: FunctionLocation): ConnectInstance | string {
  const instance = parseInstanceArn(arn);
  if (!instance) {
    return (
      'ConnectInstanceArn must look like arn:aws:connect:REGION:ACCOUNT:instance/ID. ' +
      'The console of Amazon Connect shows it in the overview of the instance.'
    );
  }
  if (instance.region !== home.region) {
    return (
      `ConnectInstanceArn names an instance in ${instance.region}, and this stack is in ${home.region}. ` +
      `Deploy it in ${instance.region}, or name an instance of ${home.region}.`
    );
  }
  if (instance.account !== home.account) {
    return (
      'ConnectInstanceArn names an instance of another AWS account. ' +
      'Deploy the stack in that account, or name an instance of this one.'
    );
  }
  return instance;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-connect-contactflow.html */
const MAX_TITLE_LENGTH = 127;

function stackNameFault(stackName: string): string {
  const max =
    MAX_TITLE_LENGTH - Math.max(...SHIPPED_FLOWS.map(({ name }) => formatFlowName('', name).length));
  return stackName.length <= max
    ? ''
    : `The stack's name is too long: the names of its flows start with it, so it can have at most ${max} characters.`;
}

/** A number of the instance is in its Region and account, which are those of the function. */
function numberFault(idOrArn: string, home: FunctionLocation): string {
  const [, region = home.region, account = home.account] = NUMBER_ARN.exec(idOrArn) ?? [];
  if (region === home.region && account === home.account) return '';
  return (
    `PhoneNumberId names a phone number ${region === home.region ? 'of another AWS account' : `in ${region}`}. ` +
    `Name one that is claimed to the instance, in ${home.region}.`
  );
}

function rangeFault(text: string): string {
  try {
    parseRanges(text);
    return '';
  } catch (error) {
    if (error instanceof SwitchboardError) return `ExtensionRange: ${error.message}`;
    throw error;
  }
}

function timeZoneFault(name: string): string {
  if (name === '') return '';
  const read = v.safeParse(settings.TIME_ZONE, name);
  return read.success ? '' : `TimeZone ${read.issues[0].message}.`;
}
