/** An error that an emulator answers with, as the SDK of the service understands it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  readonly type: string;
  /** What the body holds beside the message. */
  readonly details: object;

  constructor(status: number, type: string, message: string, details: object = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.details = details;
  }
}

export const notFound = (message: string) => new ServiceError(404, 'ResourceNotFoundException', message);
export const invalid = (message: string) => new ServiceError(400, 'InvalidParameterException', message);
export const notPublished = () =>
  new ServiceError(404, 'ContactFlowNotPublishedException', 'The flow has not been published.');
export const invalidRequest = (message: string) => new ServiceError(400, 'InvalidRequestException', message);
export const duplicate = (message: string) => new ServiceError(409, 'DuplicateResourceException', message);
export const conflict = (message: string) => new ServiceError(409, 'ResourceConflictException', message);
export const quotaExceeded = (message: string) =>
  new ServiceError(402, 'ServiceQuotaExceededException', message);
export const limitExceeded = (message: string) => new ServiceError(429, 'LimitExceededException', message);
export const idempotency = (message: string) => new ServiceError(409, 'IdempotencyException', message);
export const denied = () =>
  new ServiceError(403, 'AccessDeniedException', 'The role is not authorized to perform this operation.');
export const throttled = () => new ServiceError(429, 'TooManyRequestsException', 'Too Many Requests');
export const internal = () => new ServiceError(500, 'InternalServiceException', 'Request processing failed');
export const invalidFlow = (problems: string[]) =>
  new ServiceError(400, 'InvalidContactFlowException', 'The flow is not valid.', {
    problems: problems.map((message) => ({ message })),
  });
