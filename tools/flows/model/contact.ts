import {
  type ActionModel,
  IN_BOTH,
  IN_CONTACT_FLOWS,
  IN_QUEUE_FLOWS,
  NO_CONDITIONS,
  QUEUE_OR_AGENT,
} from './action-model.ts';

/** Actions that change the contact or move it. */
export const CONTACT: Record<string, ActionModel> = {
  UpdateContactAttributes: {
    page: 'contact-actions-updatecontactattributes.html',
    flowTypes: IN_BOTH,
    parameters: {
      Attributes: { kind: 'map' },
      TargetContact: { kind: 'choice', values: ['Current', 'Related'] },
    },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
  },
  UpdateContactData: {
    page: 'contact-actions-updatecontactdata.html',
    flowTypes: IN_BOTH,
    parameters: { LanguageCode: { kind: 'static' } },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
  },
  UpdateContactTextToSpeechVoice: {
    page: 'contact-actions-updatecontacttexttospeechvoice.html',
    flowTypes: IN_BOTH,
    parameters: {
      TextToSpeechVoice: { kind: 'static-or-reference' },
      TextToSpeechEngine: { kind: 'choice', values: ['Standard', 'Neural', 'Generative'], optional: true },
      TextToSpeechStyle: { kind: 'choice', values: ['None', 'Conversational', 'Newscaster'], optional: true },
    },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
  },
  UpdateContactEventHooks: {
    page: 'contact-actions-updatecontacteventhooks.html',
    flowTypes: IN_BOTH,
    // Connect has more events, such as AgentWhisper, and accepts one per action.
    parameters: { EventHooks: { kind: 'map', keys: ['CustomerQueue'], max: 1 } },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
  },
  UpdateContactTargetQueue: {
    page: 'contact-actions-updatecontacttargetqueue.html',
    flowTypes: IN_CONTACT_FLOWS,
    parameters: QUEUE_OR_AGENT,
    oneOf: ['QueueId', 'AgentId'],
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
  },
  TransferContactToQueue: {
    page: 'contact-actions-transfercontacttoqueue.html',
    flowTypes: IN_CONTACT_FLOWS,
    parameters: {},
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['QueueAtCapacity', 'NoMatchingError'],
    ends: 'queue',
  },
  DequeueContactAndTransferToQueue: {
    page: 'contact-actions-dequeuecontactandtransfertoqueue.html',
    flowTypes: IN_QUEUE_FLOWS,
    parameters: QUEUE_OR_AGENT,
    oneOf: ['QueueId', 'AgentId'],
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['QueueAtCapacity', 'NoMatchingError'],
    ends: 'queue',
  },
};
