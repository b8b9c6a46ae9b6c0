import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import { done, failed, type Outcome, type Played, parameter, parametersAt } from './action.ts';
import { placeOf } from './queues.ts';

/** What the attributes of a contact may have in all. */
const ATTRIBUTES_BYTES = 32 * 1024;

/** Sets all of them, or none. */
export function updateContactAttributes(played: Played): Outcome {
  const { contact } = played.call;
  const target = played.action.parameters.TargetContact ?? 'Current';
  if (target !== 'Current')
    throw new FlowError('TargetContact is "Current"; related contacts are not played.');
  const attributes = { ...contact.attributes };
  for (const [key, value] of Object.entries(parametersAt(played, 'Attributes')))
    attributes[key] = value ?? '';
  if (Buffer.byteLength(JSON.stringify(attributes)) > ATTRIBUTES_BYTES) {
    return failed('the attributes of a contact may have 32 KB');
  }
  contact.attributes = attributes;
  return done;
}

const CONTACT_DATA = {
  LanguageCode: 'languageCode',
  Name: 'name',
  Description: 'description',
  CustomerId: 'customerId',
} as const;

export function updateContactData(played: Played): Outcome {
  const { contact } = played.call;
  for (const name of Object.keys(played.action.parameters)) {
    if (!isContactData(name)) throw new FlowError(`UpdateContactData with ${name} is not played.`);
    const value = parameter(played, name);
    if (value === undefined) return failed(`${name} has no value`);
    contact[CONTACT_DATA[name]] = value;
  }
  return done;
}

function isContactData(name: string): name is keyof typeof CONTACT_DATA {
  return Object.hasOwn(CONTACT_DATA, name);
}

export function updateVoice(played: Played): Outcome {
  const voice = parameter(played, 'TextToSpeechVoice');
  if (!voice) return failed('TextToSpeechVoice has no value');
  played.call.contact.voice = voice;
  return done;
}

export async function updateTargetQueue(played: Played): Promise<Outcome> {
  const place = await placeOf(played, () => {
    throw new FlowError('It names no queue: one of QueueId and AgentId is needed.');
  });
  if (!place) return failed('there is no such queue or agent');
  played.call.contact.target = place;
  return done;
}

/** The events of a contact that a flow can be set for, as UpdateContactEventHooks lists them. */
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

export async function updateEventHooks(played: Played): Promise<Outcome> {
  const { call } = played;
  const [hook, more] = Object.entries(parametersAt(played, 'EventHooks'));
  if (!hook || more) throw new FlowError('EventHooks has exactly one entry.');
  const [event, reference] = hook;
  if (!HOOKS.includes(event))
    throw new FlowError(`There is no event "${event}"; there are ${HOOKS.join(', ')}.`);
  const flow = reference ? await call.options.instance.flow(reference) : undefined;
  if (!flow) return failed('there is no such flow');
  if (event === 'CustomerQueue' && flow.type !== 'CUSTOMER_QUEUE') {
    return failed(`"${flow.name}" is no customer queue flow`);
  }
  call.contact.hooks[event] = flow.arn;
  return done;
}
