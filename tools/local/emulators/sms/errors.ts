import { ServiceError } from '#tools/local/service-error.ts';

/** AWS JSON 1.0: what the caller did wrong is 400, whatever it was; the name tells. */
export const invalidText = (reason: string, field: string, message: string) =>
  new ServiceError(400, 'ValidationException', message, {
    Reason: reason,
    Fields: [{ Name: field, Message: message }],
  });
export const unknownIdentity = (id: string) =>
  new ServiceError(400, 'ResourceNotFoundException', 'There is no such origination identity.', {
    ResourceType: 'phone-number',
    ResourceId: id,
  });

/** The errors that faults stand for, as this service answers them. */
export const SMS_FAULTS = {
  throttled: () => new ServiceError(400, 'ThrottlingException', 'Rate exceeded'),
  internal: () => new ServiceError(500, 'InternalServerException', 'Request processing failed'),
  denied: () =>
    new ServiceError(400, 'AccessDeniedException', 'The role is not authorized to perform this operation.', {
      Reason: 'INSUFFICIENT_ACCOUNT_REPUTATION',
    }),
};
