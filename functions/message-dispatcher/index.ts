import { createDispatcher } from '@switchboard/core/messages/dispatch';
import { readEnv } from '@switchboard/core/platform/env';
import { jobHandler } from '@switchboard/core/platform/job';
import { streamHandler } from '@switchboard/core/platform/stream';
import type { Context, DynamoDBRecord as Row, ScheduledEvent } from 'aws-lambda';

const dispatcher = createDispatcher({
  ...readEnv('MESSAGES_TABLE', 'CONTACTS_TABLE', 'LOOKUP_TABLE', 'DIRECTORY_TABLE'),
  ...readEnv('ORGANISATION', 'ROOT_KEY_ARN', 'KEY_VERSIONS'),
  ...readEnv('SMS_ORIGINATION_IDENTITY', 'SMS_MESSAGES_PER_SECOND', 'ALLOW_UNKNOWN_RECIPIENTS'),
});

const onRecords = streamHandler<Row>('message-dispatcher', (records, context) =>
  dispatcher.records(records, context.getRemainingTimeInMillis()),
);
const onSchedule = jobHandler('message-dispatcher', (event, context) =>
  dispatcher.due(context.getRemainingTimeInMillis(), (event as { follow?: unknown })?.follow === true),
);

/** Sends what was accepted: at once what the stream tells of, and all the time what is due for another reason. */
export const handler = (event: Partial<ScheduledEvent> & { Records?: Row[] }, context: Context) =>
  event?.Records ? onRecords({ Records: event.Records }, context) : onSchedule(event, context);
