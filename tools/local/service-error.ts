/** An error that a stand-in answers with, as the SDK of the service understands it. */
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
