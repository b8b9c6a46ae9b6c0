import {
  type ActionModel,
  IN_BOTH,
  IN_QUEUE_FLOWS,
  NO_CONDITIONS,
  type ParameterModel,
} from './action-model.ts';

/** Actions that play prompts, read keys, or disconnect. */
export const PARTICIPANT: Record<string, ActionModel> = {
  MessageParticipant: {
    page: 'participant-actions-messageparticipant.html',
    flowTypes: IN_BOTH,
    parameters: { Text: { kind: 'text' } },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
    speaks: true,
  },
  MessageParticipantIteratively: {
    page: 'participant-actions-messageparticipantiteratively.html',
    flowTypes: IN_QUEUE_FLOWS,
    // Connect does not document limits for InterruptFrequencySeconds.
    parameters: {
      Messages: { kind: 'list', of: { Text: { kind: 'text' } } },
      InterruptFrequencySeconds: { kind: 'whole', from: 1, to: 86_400, optional: true },
    },
    next: 'optional',
    conditions: { kind: 'equals', operands: ['MessagesInterrupted'] },
    errors: ['NoMatchingError'],
    ends: 'waits',
    speaks: true,
  },
  DisconnectParticipant: {
    page: 'participant-actions-disconnectparticipant.html',
    flowTypes: IN_BOTH,
    parameters: {},
    next: 'none',
    conditions: NO_CONDITIONS,
    errors: [],
    ends: 'call',
  },
};

const inputParameters: Record<string, ParameterModel> = {
  Text: { kind: 'text' },
  /** For the first key. The console allows 180 seconds at most. */
  InputTimeLimitSeconds: { kind: 'whole', from: 1, to: 180 },
};

/** A menu of single keys. Each condition compares with one key. */
export const MENU: ActionModel = {
  page: 'participant-actions-getparticipantinput.html',
  flowTypes: IN_BOTH,
  parameters: { ...inputParameters, StoreInput: { kind: 'choice', values: ['False'] } },
  next: 'required',
  mirrors: 'NoMatchingCondition',
  conditions: { kind: 'equals', operands: [...'0123456789*#'] },
  errors: ['InputTimeLimitExceeded', 'NoMatchingCondition', 'NoMatchingError'],
  speaks: true,
};

/**
 * Several keys, stored as `$.StoredCustomerInput`. If the caller presses no key, the value is `Timeout`; see
 * https://docs.aws.amazon.com/connect/latest/adminguide/store-customer-input.html
 */
export const STORED_INPUT: ActionModel = {
  page: 'participant-actions-getparticipantinput.html',
  flowTypes: IN_BOTH,
  parameters: {
    ...inputParameters,
    StoreInput: { kind: 'choice', values: ['True'] },
    InputValidation: {
      kind: 'object',
      fields: {
        CustomValidation: { kind: 'object', fields: { MaximumLength: { kind: 'whole', from: 1, to: 20 } } },
      },
    },
    DTMFConfiguration: {
      kind: 'object',
      optional: true,
      fields: {
        InputTerminationSequence: { kind: 'static', optional: true },
        /** The star cancels the input, unless this is `True`. */
        DisableCancelKey: { kind: 'choice', values: ['True', 'False'], optional: true },
        InterdigitTimeLimitSeconds: { kind: 'whole', from: 1, to: 20, optional: true },
      },
    },
  },
  next: 'required',
  conditions: NO_CONDITIONS,
  errors: ['NoMatchingError'],
  speaks: true,
};
