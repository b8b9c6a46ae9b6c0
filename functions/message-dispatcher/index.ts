import { createDispatcher, isWakeUp } from '@switchboard/core/messages/dispatch';
import { readEnv } from '@switchboard/core/platform/env';
import { createScheduledHandler } from '@switchboard/core/platform/handlers/scheduled';
import { createStreamHandler } from '@switchboard/core/platform/handlers/stream';
import type { Context, DynamoDBRecord as Row, ScheduledEvent } from 'aws-lambda';

const dispatcher = createDispatcher({
  ...readEnv('MESSAGES_TABLE', 'IDEMPOTENCY_TABLE', 'CONTACTS_TABLE', 'LOOKUP_TABLE', 'DIRECTORY_TABLE'),
  ...readEnv('ORGANIZATION', 'ROOT_KEY_ARN', 'KEY_VERSIONS'),
  ...readEnv('SMS_ORIGINATION_IDENTITY', 'SMS_MESSAGES_PER_SECOND', 'ALLOW_UNKNOWN_RECIPIENTS'),
});

const onRecords = createStreamHandler<Row>('message-dispatcher', (records, context) =>
  dispatcher.dispatchRecords(records, context.getRemainingTimeInMillis()),
);
const onSchedule = createScheduledHandler('message-dispatcher', (event, context) =>
  dispatcher[isWakeUp(event) ? 'drainDue' : 'dispatchDue'](context.getRemainingTimeInMillis()),
);

/** Sends new messages from the stream, waiting messages after a wake-up, and every minute what is due. */
export const handler = (event: Partial<ScheduledEvent> & { Records?: Row[] }, context: Context) =>
  event?.Records && !isWakeUp(event)
    ? onRecords({ Records: event.Records }, context)
    : onSchedule(event, context);
