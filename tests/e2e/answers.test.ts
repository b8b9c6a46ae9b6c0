import {
  CreateUserCommand,
  DescribeUserCommand,
  ListTagsForResourceCommand,
  ListUsersCommand,
  SearchUsersCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateUserRoutingProfileCommand,
} from '@aws-sdk/client-connect';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { newUser } from '#support/connect-emulator.ts';
import { createClients, eventually, flowEvent, invoke, request, useStack } from '#support/local-stack.ts';
import { CONNECT_INSTANCE_ARN, LOCAL } from '#tools/local/template/index.ts';

const InstanceId = LOCAL.connectInstanceId;

const stack = useStack(['--no-demo']);
let once: ReturnType<typeof createClients>;
let patient: ReturnType<typeof createClients>;
beforeAll(() => {
  once = createClients(stack.urls, 1);
  patient = createClients(stack.urls, 10);
});

const fault = (body: object) =>
  request(`${stack.urls.connect}/_faults`, 'POST', { times: 1, ...body }).then(({ status }) => status);

describe('the REST API', () => {
  test.each([[{ 'x-api-key': 'wrong' }], [{ 'x-api-key': '' }]])(
    'refuses a request without the right key, in our own form: %j',
    async (headers) => {
      const answer = await request(`${stack.urls.api}/contacts/x`, 'GET', undefined, headers);

      expect(answer).toMatchObject({ status: 403, json: { error: { code: 'FORBIDDEN' } } });
    },
  );

  test('answers 404 to an unknown path and to a method that a path does not have', async () => {
    const error = { code: 'NOT_FOUND', message: expect.stringContaining('docs/openapi.yaml') };

    expect(await request(`${stack.urls.api}/nothing`, 'GET')).toMatchObject({
      status: 404,
      json: { error },
    });
    expect(await request(`${stack.urls.api}/contacts/x`, 'PATCH')).toMatchObject({
      status: 404,
      json: { error },
    });
  });

  test('answers 413 to a body of more than 10 MB', async () => {
    const answer = await request(`${stack.urls.api}/contacts/x`, 'PUT', 'x'.repeat(10 * 1024 * 1024 + 1));

    expect(answer).toMatchObject({ status: 413, json: { error: { code: 'TOO_LARGE' } } });
  });
});

describe('the Lambda API', () => {
  test("knows no function but the template's", async () => {
    const call = once.lambda.send(new InvokeCommand({ FunctionName: 'NoSuchFunction' }));

    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(call).rejects.toThrow(/CallerLookupFunction/);
  });

  test('takes a name, a qualified name and an ARN', async () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:CallerLookupFunction';
    for (const FunctionName of [
      'CallerLookupFunction',
      'CallerLookupFunction:$LATEST',
      arn,
      `${arn}:$LATEST`,
    ]) {
      const { payload } = await invoke(once.lambda, FunctionName, flowEvent('anonymous'));
      expect(payload).toMatchObject({ status: 'ANONYMOUS' });
    }
  });

  test('reports what a function throws as Lambda does, with the tail of its log', async () => {
    const answer = await once.lambda.send(
      new InvokeCommand({ FunctionName: 'ContactIndexerFunction', Payload: '{}', LogType: 'Tail' }),
    );

    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '$LATEST' });
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toEqual({
      errorType: 'InvalidInputError',
      errorMessage: expect.any(String),
      trace: expect.arrayContaining([expect.stringContaining('    at ')]),
    });
    expect(Buffer.from(answer.LogResult ?? '', 'base64').toString()).toMatch(
      /^START RequestId[\s\S]*REPORT RequestId/,
    );
  });

  test('accepts an event without waiting, and a dry run', async () => {
    const FunctionName = 'NumberExpiryFunction';

    const event = await once.lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{}' }),
    );
    const dry = await once.lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'DryRun', Payload: '{}' }),
    );

    expect([event.StatusCode, dry.StatusCode]).toEqual([202, 204]);
  });

  test('refuses a payload that is not JSON or larger than 6 MB', async () => {
    const send = (Payload: string) =>
      once.lambda.send(new InvokeCommand({ FunctionName: 'CallerLookupFunction', Payload }));

    await expect(send('{"a":')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    await expect(send(JSON.stringify('x'.repeat(6 * 1024 * 1024)))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });

  test('runs several events of one function at once', async () => {
    const calls = Array.from({ length: 40 }, () =>
      invoke(once.lambda, 'CallerLookupFunction', flowEvent('anonymous')),
    );

    for (const { payload } of await Promise.all(calls)) expect(payload.status).toBe('ANONYMOUS');
  });
});

describe('the emulator for Connect', () => {
  const createUser = (Username: string) => new CreateUserCommand(newUser(Username, { FirstName: Username }));

  test('creates, pages, describes, tags and changes users as the SDK expects it', async () => {
    const { connect } = patient;
    const created = [];
    for (const name of ['one', 'two', 'three']) created.push(await connect.send(createUser(name)));
    const { UserId, UserArn: resourceArn } = created[0] ?? {};

    const first = await connect.send(new SearchUsersCommand({ InstanceId, MaxResults: 2 }));
    const second = await connect.send(
      new SearchUsersCommand({ InstanceId, MaxResults: 2, NextToken: first.NextToken }),
    );
    expect([first.Users?.length, second.Users?.length, second.NextToken]).toEqual([2, 1, undefined]);
    const list = await connect.send(new ListUsersCommand({ InstanceId }));
    expect(list.UserSummaryList?.map(({ Username }) => Username)).toEqual(['one', 'two', 'three']);

    await connect.send(
      new TagResourceCommand({ resourceArn, tags: { 'switchboard:extension': '1077', team: 'x' } }),
    );
    await connect.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    const { tags } = await connect.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual({ 'switchboard:extension': '1077' });

    await connect.send(
      new UpdateUserRoutingProfileCommand({ InstanceId, UserId, RoutingProfileId: 'other' }),
    );
    const { User } = await connect.send(new DescribeUserCommand({ InstanceId, UserId }));
    expect(User).toMatchObject({ Id: UserId, Username: 'one', RoutingProfileId: 'other', Tags: tags });
  });

  test('answers with the errors of the real service', async () => {
    const { connect } = patient;
    const UserId = '00000000-0000-0000-0000-000000000000';

    await expect(connect.send(createUser('one'))).rejects.toMatchObject({
      name: 'DuplicateResourceException',
    });
    await expect(connect.send(new DescribeUserCommand({ InstanceId, UserId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(connect.send(new ListUsersCommand({ InstanceId: UserId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(connect.send(new SearchUsersCommand({ InstanceId, MaxResults: 501 }))).rejects.toMatchObject(
      {
        name: 'InvalidParameterException',
      },
    );
  });

  test('keeps the quota of two requests a second and five at once', async () => {
    const began = performance.now();
    const calls = Array.from({ length: 60 }, () => once.connect.send(new ListUsersCommand({ InstanceId })));
    const results = await Promise.allSettled(calls);
    const seconds = (performance.now() - began) / 1_000;
    const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];

    // However long a busy stack takes for them all.
    expect(results.length - refused.length).toBeLessThanOrEqual(5 + 2 * seconds);
    expect(refused[0]?.reason).toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
  });

  test('fails on demand, and a sync refuses to take an empty answer for the truth', async () => {
    await eventually(
      () => invoke(once.lambda, 'AgentSyncFunction', {}),
      ({ payload }) => payload.status === 'DONE' && payload.counts.users === 3,
    );
    const syncOfNobody = async () => {
      expect(await fault({ operation: 'SearchUsers', fault: 'empty-page' })).toBe(200);
      return invoke(once.lambda, 'AgentSyncFunction', {});
    };
    // A sync for an event from before may be under way still, and meet the fault.
    const refused = await eventually(syncOfNobody, ({ payload }) => payload.status === 'REFUSED');
    expect(refused.payload).toMatchObject({ status: 'REFUSED' });

    expect(await fault({ operation: 'ListTagsForResource', fault: '500' })).toBe(200);
    const ask = () =>
      once.connect.send(new ListTagsForResourceCommand({ resourceArn: CONNECT_INSTANCE_ARN }));
    await expect(ask()).rejects.toMatchObject({ name: 'InternalServiceException' });
    await expect(ask()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('says which faults there are when asked for another', async () => {
    const answer = await request(`${stack.urls.connect}/_faults`, 'POST', {
      operation: 'SearchUsers',
      fault: 'x',
    });

    expect(answer).toMatchObject({ status: 400, json: { Message: expect.stringContaining('empty-page') } });
  });
});

test('an event that fails every retry ends in its dead-letter queue, shown on the Lambda port', async () => {
  const Payload = '{"acceptShrink":"perhaps"}';
  await once.lambda.send(
    new InvokeCommand({ FunctionName: 'AgentSyncFunction', InvocationType: 'Event', Payload }),
  );

  const queues = await eventually(
    async () => (await request(`${stack.urls.lambda}/_queues`, 'GET')).json,
    ({ AgentSyncDeadLetters }) => AgentSyncDeadLetters.length > 0,
  );
  expect(queues.AgentSyncDeadLetters[0]).toMatchObject({ body: Payload, attributes: { ErrorCode: 'Error' } });
});
