import { AGENT_EVENT_STREAM_ARN } from '#tools/local/template/index.ts';

/**
 * The values of the template's parameters for which the roles are proved. Everything optional off and on; each
 * parameter that may be empty has a value in the second.
 */
export const COMBINATIONS: { name: string; parameters: Record<string, string> }[] = [
  { name: 'everything optional off', parameters: { AgentEventStreamArn: '' } },
  {
    name: 'everything optional on',
    parameters: {
      ExportBucket: 'agents-export',
      SmsOriginationIdentity: 'FROM_NUMBER',
      AgentEventStreamArn: AGENT_EVENT_STREAM_ARN,
      AlarmEmail: 'operations@example.com',
      AlarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:on-call',
    },
  },
];
