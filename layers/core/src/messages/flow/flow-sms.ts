import type { Accepted, AcceptMessage } from '#core/messages/accept.ts';
import { fill, parseTemplateName, type Template, textFor } from '#core/messages/templates/index.ts';
import { InvalidInputError, UnprocessableError } from '#core/platform/errors.ts';
import type { FlowEvent } from '#core/platform/handlers/contact-flow.ts';
import { count } from '#core/platform/observability.ts';
import { parseInternational } from '#core/platform/phone.ts';
import { withTimeLimit } from '#core/platform/resilience/deadline.ts';

export interface FlowSmsSettings {
  accept: AcceptMessage;
  getTemplate: (name: string) => Promise<Template | undefined>;
  /** How long all of it may take; the block of the flow waits a little longer. */
  budgetMs: number;
}

/** Everything that may come of a block, but bad input and an outage, which are errors. */
export type FlowSmsAnswer =
  | { status: 'ACCEPTED' | 'DUPLICATE'; messageId: string; segments: string; language: string }
  /** The message says what to do about it. */
  | {
      status: 'DUPLICATE' | 'NO_TEMPLATE' | 'ANONYMOUS' | 'RECIPIENT_UNKNOWN' | 'FROM_NOT_OURS';
      message: string;
    };

/** What a contact flow asks for, read and complete. */
interface Asked {
  block: string;
  contactId: string;
  template: string;
  from: string;
  language: (string | undefined)[];
  /** For the places of the template. */
  values: Record<string, string>;
}

const LONGEST_BLOCK = 64;
const LONGEST_CONTACT_ID = 128;

/**
 * Makes what texts the caller of a flow, or another number. The contact's id and the name of the block are its key: when
 * Connect tries again, or the flow comes round to the same block, there is still one text.
 *
 * @returns a function that throws {InvalidInputError} for what the block got wrong, and {UnavailableError}, when nobody
 * knows whether the text was accepted, and the same block may be tried again
 */
export function createFlowSms({ accept, getTemplate, budgetMs }: FlowSmsSettings) {
  async function send(event: FlowEvent): Promise<FlowSmsAnswer> {
    const asked = readAsked(event);
    const recipient = recipientOf(event);
    if (recipient === undefined) return ANONYMOUS;
    const template = await getTemplate(asked.template);
    const found = template && textFor(template, asked.language);
    if (!found) return NO_TEMPLATE;
    const request = {
      idempotencyKey: JSON.stringify(['flow', asked.contactId, asked.block]),
      from: asked.from,
      ...recipient,
      content: fill(found.text, asked.values),
      origin: 'flow' as const,
    };
    const answer = await answerTo(() => accept(request), found.language);
    // Whoever passed a number needs no word of the one that was called.
    const isNotOurs = answer.status === 'FROM_NOT_OURS' && event.parameters.from !== undefined;
    return isNotOurs ? { ...answer, message: NOT_OURS } : answer;
  }

  return (event: FlowEvent): Promise<FlowSmsAnswer> => withTimeLimit(budgetMs, () => send(event));
}

async function answerTo(accept: () => Promise<Accepted>, language: string): Promise<FlowSmsAnswer> {
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
  FROM_NOT_OURS: 'FROM_NOT_OURS',
};

const MESSAGES = {
  DUPLICATE:
    'This block has sent another text in this call already; a second text needs a block of another name.',
  RECIPIENT_UNKNOWN:
    'The parameter to is neither the number of the caller, nor of a contact, nor in the directory.',
  FROM_NOT_OURS:
    'The number that was called may not send texts: pass the parameter from with a number of ours that may.',
};

const NOT_OURS =
  "The parameter from is not a number of ours that may send texts: an agent's, or one that rings in a flow of its own.";

const ANONYMOUS: FlowSmsAnswer = {
  status: 'ANONYMOUS',
  message: 'The caller has no number that can be texted: it is withheld, or this is no call.',
};

const NO_TEMPLATE: FlowSmsAnswer = {
  status: 'NO_TEMPLATE',
  message: 'There is no template of this name: PUT /sms/templates/{name} writes one.',
};

function readAsked({
  parameters,
  structured = [],
  contactId = '',
  systemAddress,
  languageCode,
}: FlowEvent): Asked {
  const { block = '', template = '', from, to: _, language, ...values } = parameters;
  if (contactId === '' || contactId.length > LONGEST_CONTACT_ID) {
    throw new InvalidInputError('INVALID_EVENT', 'This is not a contact-flow event: it has no ContactId.', {
      field: 'Details.ContactData.ContactId',
    });
  }
  if (block.trim() === '' || block.length > LONGEST_BLOCK) {
    throw new InvalidInputError(
      'INVALID_BLOCK',
      `The parameter block is missing or longer than ${LONGEST_BLOCK} characters: pass the name of the block, so that it texts once.`,
      { field: 'block' },
    );
  }
  if (template.trim() === '') {
    throw new InvalidInputError(
      'INVALID_TEMPLATE_NAME',
      'The parameter template is missing: pass the name of a template.',
      { field: 'template' },
    );
  }
  for (const field of structured) refuseObject(field);
  if (from !== undefined) refuseEmpty('from', from);
  const sender = from ?? systemAddress;
  if (!sender) {
    throw new InvalidInputError(
      'INVALID_FROM',
      'No number was called: pass the parameter from with a number of ours that may send texts.',
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
 * Connect passes an attribute that is not set as an empty text. A block that names a number means that one: without it,
 * a text for somebody else must not go to the caller, or come from whatever number was called.
 */
function refuseEmpty(field: 'from' | 'to', value: string): void {
  if (value.trim() !== '') return;
  throw new InvalidInputError(
    `INVALID_${field.toUpperCase()}`,
    `The parameter ${field} is empty: the attribute that it is taken from is not set. Leave it out to mean the call's own number.`,
    { field },
  );
}

/** Nobody wants to read JSON on a telephone. */
function refuseObject(field: string): void {
  const sentence = `The parameter ${field.toWellFormed().slice(0, 32)} is an object or a list; a text takes texts and numbers.`;
  throw new InvalidInputError('INVALID_PARAMETER', sentence, { field });
}

/**
 * Whom to text: `to`, or who calls. The caller is on the line and needs no entry with us; undefined when the caller has
 * no number.
 */
function recipientOf({ parameters, customerAddress = '' }: FlowEvent) {
  const caller = parseInternational(customerAddress);
  if (parameters.to === undefined) {
    return caller.kind === 'phone' ? { to: caller.phoneNumber, recipientPresent: true } : undefined;
  }
  refuseEmpty('to', parameters.to);
  const to = parseInternational(parameters.to);
  const isCaller = caller.kind === 'phone' && to.kind === 'phone' && to.phoneNumber === caller.phoneNumber;
  // What is no number is refused where all messages are checked.
  return { to: parameters.to, ...(isCaller ? { recipientPresent: true } : {}) };
}
