import { textAt } from '#tools/json.ts';
import {
  defineRoutes,
  type OperationInput,
  type OperationResult,
  pageParameters,
  paginate,
} from '#tools/local/emulators/connect/operation.ts';
import type { ConnectState } from '#tools/local/emulators/connect/state.ts';
import { conflict, invalid, notFound, quotaExceeded } from '#tools/local/emulators/errors.ts';

export const LAMBDA_ROUTES = defineRoutes({
  AssociateLambdaFunction: ['PUT', '/instance/{InstanceId}/lambda-function', associateLambdaFunction],
  DisassociateLambdaFunction: [
    'DELETE',
    '/instance/{InstanceId}/lambda-function',
    disassociateLambdaFunction,
  ],
  ListLambdaFunctions: ['GET', '/instance/{InstanceId}/lambda-functions', listLambdaFunctions],
});

/** Connect's default quota: https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html */
const MAX_FUNCTIONS = 50;

const FUNCTION_ARN =
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_$-]+)?$/;

function associateLambdaFunction({ lambdas }: ConnectState, { body }: OperationInput): OperationResult {
  const arn = functionArn(textAt(body, 'FunctionArn'));
  if (lambdas.get(arn)) throw conflict('The function is associated with the instance already.');
  if (lambdas.all().length >= MAX_FUNCTIONS) {
    throw quotaExceeded(`The instance has ${MAX_FUNCTIONS} functions, which is its quota.`);
  }
  lambdas.put(arn);
  return { body: {} };
}

function disassociateLambdaFunction({ lambdas }: ConnectState, { query }: OperationInput): OperationResult {
  const arn = functionArn(query.get('functionArn') ?? undefined);
  // Connect's response is not documented. This is the stricter one.
  if (!lambdas.delete(arn)) throw notFound('The function is not associated with the instance.');
  return { body: {} };
}

function listLambdaFunctions({ lambdas }: ConnectState, { query }: OperationInput): OperationResult {
  const { entries, next } = paginate('ListLambdaFunctions', lambdas.all(), ...pageParameters(query), 25, 25);
  return { body: { LambdaFunctions: entries, ...next } };
}

function functionArn(arn: string | undefined): string {
  if (arn === undefined || arn.length > 140 || !FUNCTION_ARN.test(arn)) {
    throw invalid('FunctionArn is the ARN of a Lambda function.');
  }
  return arn;
}
