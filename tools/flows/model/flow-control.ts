import {
  type ActionModel,
  IN_BOTH,
  IN_CONTACT_FLOWS,
  IN_QUEUE_FLOWS,
  NO_CONDITIONS,
  QUEUE_OR_AGENT,
} from './action-model.ts';

/** Actions that decide, transfer to flows, and invoke functions. */
export const FLOW_CONTROL: Record<string, ActionModel> = {
  Compare: {
    page: 'flow-control-actions-compare.html',
    flowTypes: IN_BOTH,
    parameters: { ComparisonValue: { kind: 'reference' } },
    next: 'required',
    mirrors: 'NoMatchingCondition',
    conditions: { kind: 'any' },
    errors: ['NoMatchingCondition'],
  },
  CheckMetricData: {
    page: 'flow-control-actions-checkmetricdata.html',
    flowTypes: IN_BOTH,
    parameters: {
      MetricType: {
        kind: 'choice',
        // Two more metrics count contacts. The shipped flows only count agents.
        values: ['NumberOfAgentsAvailable', 'NumberOfAgentsStaffed', 'NumberOfAgentsOnline'],
      },
      ...QUEUE_OR_AGENT,
    },
    oneOf: ['QueueId', 'AgentId'],
    next: 'required',
    mirrors: 'NoMatchingCondition',
    conditions: { kind: 'greater-than-zero' },
    errors: ['NoMatchingCondition', 'NoMatchingError'],
  },
  Loop: {
    page: 'flow-control-actions-loop.html',
    flowTypes: IN_BOTH,
    // Connect accepts 0 too, but then the loop never runs.
    parameters: { LoopCount: { kind: 'whole', from: 1, to: 100 } },
    next: 'required',
    mirrors: 'DoneLooping',
    conditions: { kind: 'equals', operands: ['ContinueLooping', 'DoneLooping'], all: true },
    errors: [],
  },
  TransferToFlow: {
    page: 'flow-control-actions-transfertoflow.html',
    flowTypes: IN_CONTACT_FLOWS,
    parameters: { ContactFlowId: { kind: 'static-or-reference' } },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
    ends: 'flow',
  },
  EndFlowExecution: {
    page: 'flow-control-actions-endflowexecution.html',
    flowTypes: IN_QUEUE_FLOWS,
    parameters: {},
    next: 'none',
    conditions: NO_CONDITIONS,
    errors: [],
    ends: 'waits',
  },
  UpdateFlowLoggingBehavior: {
    page: 'flow-control-actions-updateflowloggingbehavior.html',
    flowTypes: IN_BOTH,
    parameters: { FlowLoggingBehavior: { kind: 'choice', values: ['Enabled', 'Disabled'] } },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: [],
  },
  InvokeLambdaFunction: {
    page: 'interactions-invokelambdafunction.html',
    flowTypes: IN_BOTH,
    parameters: {
      LambdaFunctionARN: { kind: 'static-or-reference' },
      InvocationTimeLimitSeconds: { kind: 'whole', from: 1, to: 8 },
      // The shipped flows need the response at once.
      InvocationType: { kind: 'choice', values: ['SYNCHRONOUS'] },
      LambdaInvocationAttributes: { kind: 'map', optional: true },
      // The functions return maps of strings. Any other response must take the error branch.
      ResponseValidation: {
        kind: 'object',
        fields: { ResponseType: { kind: 'choice', values: ['STRING_MAP'] } },
      },
    },
    next: 'required',
    conditions: NO_CONDITIONS,
    errors: ['NoMatchingError'],
  },
};
