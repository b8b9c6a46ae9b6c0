/** An error of the Connect API, as its SDK understands it. */
export class ConnectError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

export const notFound = (message: string) => new ConnectError(404, 'ResourceNotFoundException', message);
export const invalid = (message: string) => new ConnectError(400, 'InvalidParameterException', message);
export const duplicate = (message: string) => new ConnectError(409, 'DuplicateResourceException', message);
export const throttled = () => new ConnectError(429, 'TooManyRequestsException', 'Too Many Requests');
export const internal = () => new ConnectError(500, 'InternalServiceException', 'Request processing failed');
