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
import { LOCAL } from '#tools/local/template/index.ts';

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

const TOO_LARGE = 'x'.repeat(10 * 1024 * 1024 + 1);

test.each([
  ['a wrong API key', 'GET', '/contacts/x', undefined, { 'x-api-key': 'wrong' }, 403, 'FORBIDDEN'],
  ['an empty API key', 'GET', '/contacts/x', undefined, { 'x-api-key': '' }, 403, 'FORBIDDEN'],
  ['an unknown path', 'GET', '/nothing', undefined, undefined, 404, 'NOT_FOUND'],
  ['an unknown method', 'PATCH', '/contacts/x', undefined, undefined, 404, 'NOT_FOUND'],
  ['a body of more than 10 MB', 'PUT', '/contacts/x', TOO_LARGE, undefined, 413, 'TOO_LARGE'],
] as const)('the REST API rejects %s', async (_, method, path, body, headers, status, code) => {
  const { json, ...response } = await request(`${stack.urls.api}${path}`, method, body, headers);

  expect({ ...response, json }).toMatchObject({ status, json: { error: { code } } });
  if (status === 404) expect(json.error.message).toContain('docs/openapi.yaml');
});

describe('the Lambda API', () => {
  test('rejects a function that is not in the template', async () => {
    const call = once.lambda.send(new InvokeCommand({ FunctionName: 'NoSuchFunction' }));

    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(call).rejects.toThrow(/CallerLookupFunction/);
  });

  test('accepts a name, a qualified name, and an ARN', async () => {
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

  test('reports an error of a function as Lambda does, with the tail of its log', async () => {
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

  test('accepts an asynchronous event and a dry run', async () => {
    const FunctionName = 'NumberExpiryFunction';

    const event = await once.lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{}' }),
    );
    const dry = await once.lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'DryRun', Payload: '{}' }),
    );

    expect([event.StatusCode, dry.StatusCode]).toEqual([202, 204]);
  });

  test('rejects a payload that is not JSON or is larger than 6 MB', async () => {
    const send = (Payload: string) =>
      once.lambda.send(new InvokeCommand({ FunctionName: 'CallerLookupFunction', Payload }));

    await expect(send('{"a":')).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
    await expect(send(JSON.stringify('x'.repeat(6 * 1024 * 1024)))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
  });
});

describe('the emulator for Connect', () => {
  const createUser = (Username: string) => new CreateUserCommand(newUser(Username, { FirstName: Username }));

  test('creates, lists, describes, tags, and changes users', async () => {
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

  test('returns the errors of Connect', async () => {
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

  test('enforces the quota of two requests per second with a burst of five', async () => {
    const began = performance.now();
    const calls = Array.from({ length: 60 }, () => once.connect.send(new ListUsersCommand({ InstanceId })));
    const results = await Promise.allSettled(calls);
    const seconds = (performance.now() - began) / 1_000;
    const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];

    // Independent of how busy the stack is.
    expect(results.length - refused.length).toBeLessThanOrEqual(5 + 2 * seconds);
    expect(refused[0]?.reason).toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
  });

  test('injects a fault, and a sync rejects an empty response', async () => {
    await eventually(
      () => invoke(once.lambda, 'AgentSyncFunction', {}),
      ({ payload }) => payload.status === 'DONE' && payload.counts.users === 3,
    );
    const syncWithoutUsers = async () => {
      expect(await fault({ operation: 'SearchUsers', fault: 'empty-page' })).toBe(200);
      return invoke(once.lambda, 'AgentSyncFunction', {});
    };
    // A sync for an earlier event can still run and meet the fault.
    const refused = await eventually(syncWithoutUsers, ({ payload }) => payload.status === 'REFUSED');
    expect(refused.payload).toMatchObject({ status: 'REFUSED' });
  });
});

test('an event that fails every retry is in its dead-letter queue, which the Lambda port shows', async () => {
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
