import { ServiceError } from '../service-error.ts';

export const notFound = (message: string) => new ServiceError(404, 'ResourceNotFoundException', message);
export const invalid = (message: string) => new ServiceError(400, 'InvalidParameterException', message);
export const duplicate = (message: string) => new ServiceError(409, 'DuplicateResourceException', message);
export const throttled = () => new ServiceError(429, 'TooManyRequestsException', 'Too Many Requests');
export const internal = () => new ServiceError(500, 'InternalServiceException', 'Request processing failed');
