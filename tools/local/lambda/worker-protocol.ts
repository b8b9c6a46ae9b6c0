/** The start parameters of a worker. */
export interface WorkerData {
  file: string;
  handler: string;
}

/** One event for a worker. */
export interface WorkerRequest {
  requestId: string;
  /** JSON. */
  event: string;
  deadline: number;
  functionName: string;
  functionArn: string;
  memoryMb: number;
  clientContext?: string;
}

/** An error as the Lambda runtime reports it. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export type WorkerMessage =
  | { kind: 'loaded' }
  | { kind: 'not loaded'; error: FunctionError }
  | { kind: 'log'; text: string }
  | { kind: 'answer'; payload: string }
  | { kind: 'failed'; error: FunctionError };
