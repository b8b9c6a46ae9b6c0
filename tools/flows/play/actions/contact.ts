import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import { type ActionContext, type ActionOutcome, DONE, failed, parameter, parametersAt } from './action.ts';
import { resolveDestination } from './queues.ts';

/** Connect's limit for all attributes of a contact. */
const MAX_ATTRIBUTES_BYTES = 32 * 1024;

/** Sets all attributes or none. */
export function updateContactAttributes(context: ActionContext): ActionOutcome {
  const { contact } = context.call;
  const target = context.action.parameters.TargetContact ?? 'Current';
  if (target !== 'Current')
    throw new FlowError('TargetContact must be "Current": the player does not support related contacts.');
  const attributes = { ...contact.attributes };
  for (const [key, value] of Object.entries(parametersAt(context, 'Attributes')))
    attributes[key] = value ?? '';
  if (Buffer.byteLength(JSON.stringify(attributes)) > MAX_ATTRIBUTES_BYTES) {
    return failed('the attributes of a contact exceed 32 KB');
  }
  contact.attributes = attributes;
  return DONE;
}

const CONTACT_DATA = {
  LanguageCode: 'languageCode',
  Name: 'name',
  Description: 'description',
  CustomerId: 'customerId',
} as const;

export function updateContactData(context: ActionContext): ActionOutcome {
  const { contact } = context.call;
  for (const name of Object.keys(context.action.parameters)) {
    if (!isContactData(name))
      throw new FlowError(`The player does not support ${name} of UpdateContactData.`);
    const value = parameter(context, name);
    if (value === undefined) return failed(`${name} has no value`);
    contact[CONTACT_DATA[name]] = value;
  }
  return DONE;
}

function isContactData(name: string): name is keyof typeof CONTACT_DATA {
  return Object.hasOwn(CONTACT_DATA, name);
}

export function updateVoice(context: ActionContext): ActionOutcome {
  const voice = parameter(context, 'TextToSpeechVoice');
  if (!voice) return failed('TextToSpeechVoice has no value');
  context.call.contact.voice = voice;
  return DONE;
}

export async function updateTargetQueue(context: ActionContext): Promise<ActionOutcome> {
  const place = await resolveDestination(context, () => {
    throw new FlowError('The action names no queue. Set QueueId or AgentId.');
  });
  if (!place) return failed('the queue or agent does not exist');
  context.call.contact.target = place;
  return DONE;
}

/** The contact events that UpdateContactEventHooks supports. */
const HOOKS = [
  'AgentHold',
  'AgentWhisper',
  'CustomerHold',
  'CustomerQueue',
  'CustomerRemaining',
  'CustomerWhisper',
  'DefaultAgentUI',
  'DisconnectAgentUI',
  'PauseContact',
  'ResumeContact',
];

export async function updateEventHooks(context: ActionContext): Promise<ActionOutcome> {
  const { call } = context;
  const [hook, more] = Object.entries(parametersAt(context, 'EventHooks'));
  if (!hook || more) throw new FlowError('EventHooks must have exactly one entry.');
  const [event, reference] = hook;
  if (!HOOKS.includes(event))
    throw new FlowError(`The event "${event}" does not exist. Use one of ${HOOKS.join(', ')}.`);
  const flow = reference ? await call.options.instance.flow(reference) : undefined;
  if (!flow) return failed('the flow does not exist');
  if (event === 'CustomerQueue' && flow.type !== 'CUSTOMER_QUEUE') {
    return failed(`"${flow.name}" is not a customer queue flow`);
  }
  call.contact.hooks[event] = flow.arn;
  return DONE;
}
