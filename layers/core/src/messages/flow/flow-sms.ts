import type { Accepted, AcceptMessage } from '#core/messages/acceptance/create-acceptance.ts';
import { type AcceptEnv, createMessages } from '#core/messages/create-messages.ts';
import {
  fillText,
  getTemplate,
  parseTemplateName,
  selectText,
  type Template,
} from '#core/messages/templates/index.ts';
import { InvalidInputError, UnprocessableError } from '#core/platform/errors.ts';
import type { FlowEvent } from '#core/platform/handlers/contact-flow.ts';
import { count } from '#core/platform/observability.ts';
import { parseInternational } from '#core/platform/phone.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';

export { ACCEPT_SETTINGS } from '#core/messages/create-messages.ts';

export interface FlowSenderParts {
  accept: AcceptMessage;
  getTemplate: (name: string) => Promise<Template | undefined>;
  /** The time limit of one call. The block of the flow waits a little longer. */
  budgetMs: number;
}

/** The response to a block. Bad input and outages are errors instead. */
export type FlowSmsResponse =
  | { status: 'ACCEPTED' | 'DUPLICATE'; messageId: string; segments: string; language: string }
  /** `message` says what to do. */
  | {
      status: 'DUPLICATE' | 'NO_TEMPLATE' | 'ANONYMOUS' | 'RECIPIENT_UNKNOWN' | 'FROM_NOT_ALLOWED';
      message: string;
    };

/** The parsed request of a contact flow. */
interface FlowSmsRequest {
  block: string;
  contactId: string;
  template: string;
  from: string;
  language: (string | undefined)[];
  /** The parameters of the template. */
  values: Record<string, string>;
}

/** Accepting is a write with retries, so it gets more time than a lookup. A contact flow waits up to 8 seconds. */
const FLOW_BUDGET_MS = 5_000;
const MAX_BLOCK_LENGTH = 64;
const MAX_CONTACT_ID_LENGTH = 128;

/** Sends texts from contact flows, on the tables and keys that the environment names. */
export function createFlowSms(env: AcceptEnv): (event: FlowEvent) => Promise<FlowSmsResponse> {
  const { client, messages, accept } = createMessages(env);
  return createFlowSender({
    accept,
    getTemplate: (name) => getTemplate({ client, messages }, name),
    budgetMs: FLOW_BUDGET_MS,
  });
}

/**
 * Creates the function that texts the caller of a contact flow, or another number. The ID of the call and the name of the
 * block are the idempotency key. So a retry of Connect, or a loop in the flow, does not send a second text.
 *
 * @returns a function that throws {InvalidInputError} for invalid parameters of the block, and {UnavailableError} when the
 * text may or may not have been accepted, and the block may try again
 */
export function createFlowSender({ accept, getTemplate, budgetMs }: FlowSenderParts) {
  async function send(event: FlowEvent): Promise<FlowSmsResponse> {
    const request = parseFlowRequest(event);
    const recipient = recipientOf(event);
    if (recipient === undefined) return ANONYMOUS;
    const template = await getTemplate(request.template);
    const found = template && selectText(template, request.language);
    if (!found) return NO_TEMPLATE;
    const sms = {
      idempotencyKey: JSON.stringify(['flow', request.contactId, request.block]),
      from: request.from,
      ...recipient,
      content: fillText(found.text, request.values),
      origin: 'flow' as const,
    };
    const response = await toFlowResponse(() => accept(sms), found.language);
    // When the block passes from, the message must not be about the number that was called.
    const isParameter = response.status === 'FROM_NOT_ALLOWED' && event.parameters.from !== undefined;
    return isParameter ? { ...response, message: PARAMETER_FROM_NOT_ALLOWED } : response;
  }

  return (event: FlowEvent): Promise<FlowSmsResponse> => withTimeLimit(budgetMs, () => send(event));
}

async function toFlowResponse(accept: () => Promise<Accepted>, language: string): Promise<FlowSmsResponse> {
  try {
    const { messageId, duplicate, segments } = await accept();
    count(duplicate ? 'MessagesDuplicate' : 'MessagesAccepted');
    return { status: duplicate ? 'DUPLICATE' : 'ACCEPTED', messageId, segments: String(segments), language };
  } catch (error) {
    const status = error instanceof UnprocessableError ? STATUS_BY_CODE[error.code] : undefined;
    if (status === undefined) throw error;
    return { status, message: MESSAGES[status] };
  }
}

const STATUS_BY_CODE: Record<string, keyof typeof MESSAGES | undefined> = {
  IDEMPOTENCY_KEY_REUSED: 'DUPLICATE',
  RECIPIENT_UNKNOWN: 'RECIPIENT_UNKNOWN',
  FROM_NOT_ALLOWED: 'FROM_NOT_ALLOWED',
};

const MESSAGES = {
  DUPLICATE:
    'This block has already sent another text in this call. Use a block with another name for a second text.',
  RECIPIENT_UNKNOWN:
    'The parameter to is not the number of the caller or of a contact, and is not in the directory. Store the contact first.',
  FROM_NOT_ALLOWED:
    'The number that was called may not send texts. Pass the parameter from with one of your numbers that may.',
};

const PARAMETER_FROM_NOT_ALLOWED =
  'The parameter from is not one of your numbers that may send texts. Use the direct number of an agent, or a number with its own contact flow.';

const ANONYMOUS: FlowSmsResponse = {
  status: 'ANONYMOUS',
  message:
    'The caller has no number that can get texts: the number is withheld, or the contact is not a call. Check this before the block.',
};

const NO_TEMPLATE: FlowSmsResponse = {
  status: 'NO_TEMPLATE',
  message: 'There is no template with this name. Create it with PUT /sms/templates/{name}.',
};

function parseFlowRequest({
  parameters,
  structured = [],
  contactId = '',
  systemAddress,
  languageCode,
}: FlowEvent): FlowSmsRequest {
  const { block = '', template = '', from, to: _, language, ...values } = parameters;
  if (contactId === '' || contactId.length > MAX_CONTACT_ID_LENGTH) {
    throw new InvalidInputError(
      'INVALID_EVENT',
      'The event has no ContactId, so it is not a contact flow event. Invoke the function from a contact flow.',
      {
        field: 'Details.ContactData.ContactId',
      },
    );
  }
  if (block.trim() === '' || block.length > MAX_BLOCK_LENGTH) {
    throw new InvalidInputError(
      'INVALID_BLOCK',
      `The parameter block is missing or longer than ${MAX_BLOCK_LENGTH} characters. Pass the name of the block, so that it sends one text.`,
      { field: 'block' },
    );
  }
  if (template.trim() === '') {
    throw new InvalidInputError(
      'INVALID_TEMPLATE_NAME',
      'The parameter template is missing. Pass the name of a template.',
      { field: 'template' },
    );
  }
  for (const field of structured) rejectObject(field);
  if (from !== undefined) rejectEmpty('from', from);
  const sender = from ?? systemAddress;
  if (!sender) {
    throw new InvalidInputError(
      'INVALID_FROM',
      'No number was called. Pass the parameter from with one of your numbers that may send texts.',
      { field: 'from' },
    );
  }
  return {
    block,
    contactId,
    template: parseTemplateName(template),
    from: sender,
    language: [language, languageCode],
    values,
  };
}

/**
 * Connect passes an attribute that is not set as an empty string. A block that names a number requires that number.
 * Otherwise, a text for another recipient would go to the caller, or leave from the number that was called.
 */
function rejectEmpty(field: 'from' | 'to', value: string): void {
  if (value.trim() !== '') return;
  throw new InvalidInputError(
    `INVALID_${field.toUpperCase()}`,
    `The parameter ${field} is empty, because its attribute is not set. Omit the parameter to use the number of the call.`,
    { field },
  );
}

/** A text must not contain JSON. */
function rejectObject(field: string): void {
  const fault = `The parameter ${field.toWellFormed().slice(0, 32)} is an object or a list. Pass a string or a number.`;
  throw new InvalidInputError('INVALID_PARAMETER', fault, { field });
}

/**
 * The recipient: the parameter `to`, or the caller. The caller is on the call, so the number need not be known. Undefined
 * when the caller has no number.
 */
function recipientOf({ parameters, customerAddress = '' }: FlowEvent) {
  const caller = parseInternational(customerAddress);
  if (parameters.to === undefined) {
    return caller.kind === 'phone' ? { to: caller.phoneNumber, recipientPresent: true } : undefined;
  }
  rejectEmpty('to', parameters.to);
  const to = parseInternational(parameters.to);
  const isCaller = caller.kind === 'phone' && to.kind === 'phone' && to.phoneNumber === caller.phoneNumber;
  // Accepting the message rejects an invalid number.
  return { to: parameters.to, ...(isCaller ? { recipientPresent: true } : {}) };
}
