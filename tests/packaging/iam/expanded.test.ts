import { roleOf, trustedBy } from '#support/iam/by-lambda.ts';
import { COMBINATIONS } from '#support/iam/combinations.ts';
import { expandTemplate } from '#support/iam/expand.ts';
import { grantsOf } from '#support/iam/rights.ts';
import { PUBLISHABLE_TYPES } from '#support/publishable-types.ts';
import { LOCAL } from '#tools/local/template/index.ts';

/** The actions that know no resource in IAM and that some role needs, each with its reason. */
const WITHOUT_RESOURCE: Record<string, string> = {
  'xray:PutTraceSegments': 'Lambda sends the traces of a function that is traced.',
  'xray:PutTelemetryRecords': 'Lambda tells X-Ray how many it sent.',
  'dynamodb:ListStreams': 'Lambda looks for the stream that it reads.',
  'ds:DescribeDirectories': 'Connect looks at the directory of the instance for DescribeInstance.',
};

/**
 * Granted on every instance of the account: when ConnectInstanceArn changes, what the setup made in the instance
 * before is removed when the role knows only the new one.
 */
const OF_EVERY_INSTANCE = [
  'connect:DeleteContactFlow',
  'connect:DescribeContactFlow',
  'connect:DisassociateLambdaFunction',
  'connect:ListContactFlows',
  'connect:ListLambdaFunctions',
  'connect:SearchContactFlows',
];

const { expansions, authorization } = expandTemplate(
  process.cwd(),
  COMBINATIONS.map(({ parameters }) => parameters),
);
const cases = COMBINATIONS.flatMap(({ name }, index) => {
  const expansion = expansions[index];
  return expansion ? [{ name, expansion }] : [];
});
const everything = cases.flatMap(({ expansion }) => expansion.resources);

test('every condition of the template holds in one of the combinations and does not in another', () => {
  const unproved = Object.keys(expansions[0]?.conditions ?? {}).filter(
    (condition) => new Set(expansions.map(({ conditions }) => conditions[condition])).size < 2,
  );

  expect(
    unproved.map((name) => `Add a value to tests/support/iam/combinations.ts that turns ${name}.`),
  ).toEqual([]);
});

test('every exception from naming a resource is still needed', () => {
  const everywhere = cases.flatMap(({ expansion }) =>
    expansion.resources
      .filter(({ type }) => type === 'AWS::IAM::Role')
      .flatMap(grantsOf)
      .filter(({ resource }) => resource === '*'),
  );

  expect(new Set(everywhere.map(({ action }) => action))).toEqual(new Set(Object.keys(WITHOUT_RESOURCE)));
});

test('what SAM makes of the template is of types that the repository publishes, too', () => {
  const others = everything
    .filter(({ type }) => !PUBLISHABLE_TYPES.has(type))
    .map(({ id, type }) => `${id}: ${type}`);

  expect(others).toEqual([]);
});

test('the expanded template stays below the limits of CloudFormation: 1 MB, 500 resources, 200 parameters', () => {
  for (const { body, resources, parameters } of expansions) {
    expect(Buffer.byteLength(body)).toBeLessThan(1_000_000);
    expect(resources.length).toBeLessThan(500);
    expect(Object.keys(parameters).length).toBeLessThanOrEqual(200);
  }
});

describe.each(cases)('with $name', ({ expansion }) => {
  const ofType = (type: string) => expansion.resources.filter((resource) => resource.type === type);
  const functions = ofType('AWS::Lambda::Function');

  test('SAM adds no role: each belongs to one function of ours, and nothing else carries rights', () => {
    const roles = functions.map((fn) => roleOf(expansion, fn).id);

    expect(new Set(roles).size).toBe(functions.length);
    expect(
      ofType('AWS::IAM::Role')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...roles].sort());
    const others = expansion.resources.filter(
      ({ type }) => type.startsWith('AWS::IAM::') && type !== 'AWS::IAM::Role',
    );
    expect(others).toEqual([]);
  });

  test('each function may keep its environment, which is below 4 KB', () => {
    for (const { properties } of functions) {
      const { Environment } = properties as { Environment: { Variables: Record<string, unknown> } };
      const bytes = Object.entries(Environment.Variables).map(([name, value]) => `${name}${value}`);
      // A third is left for names that are longer in an account than here.
      expect(Buffer.byteLength(bytes.join(''))).toBeLessThan((4096 * 2) / 3);
    }
  });

  describe.each(ofType('AWS::IAM::Role').map((role) => ({ id: role.id, role })))('$id', ({ role }) => {
    const grants = grantsOf(role);

    test('is for Lambda alone, and all its rights stand in the template', () => {
      expect(trustedBy(role)).toEqual([
        { Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ]);
      expect(Object.keys(role.properties).sort()).toEqual(['AssumeRolePolicyDocument', 'Policies']);
    });

    test('names each action in full, and AWS knows it', () => {
      for (const { action } of grants) {
        expect(action).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/);
        expect([action, authorization[action]]).toEqual([action, expect.any(Array)]);
      }
    });

    test('says "every resource" only where AWS knows none, and says why', () => {
      for (const { action } of grants.filter(({ resource }) => resource === '*')) {
        expect([action, authorization[action]]).toEqual([action, []]);
        expect(Object.keys(WITHOUT_RESOURCE)).toContain(action);
      }
    });

    test('names resources of Connect of the kinds that the action has', () => {
      for (const { action, resource } of grants.filter((grant) => grant.action.startsWith('connect:'))) {
        const kinds = (authorization[action] ?? []).map((kind) => kind.replace(/^wildcard-/, ''));
        expect([action, kinds]).toEqual([action, expect.arrayContaining([kindInConnect(resource)])]);
      }
    });

    test('names resources of this account and Region, and leaves open only what is not known beforehand', () => {
      for (const { action, resource } of grants.filter((grant) => grant.resource !== '*')) {
        expect([action, resource]).toEqual([action, expect.stringMatching(closed(action))]);
      }
    });
  });

  test('each permission to invoke a function names who, from where, and for whose account', () => {
    const permissions = ofType('AWS::Lambda::Permission');

    expect(permissions.length).toBeGreaterThan(0);
    for (const { id, properties } of permissions) {
      const { Action, Principal } = properties;
      expect([id, Action, Principal]).toEqual([
        id,
        'lambda:InvokeFunction',
        expect.stringMatching(/^(apigateway|connect|events|sns)\.amazonaws\.com$/),
      ]);
      expect([id, properties.SourceArn]).toEqual([id, expect.stringMatching(OF_THIS_ACCOUNT)]);
      if (Principal === 'connect.amazonaws.com') {
        expect(properties).toMatchObject({
          SourceArn: expansion.parameters.ConnectInstanceArn,
          SourceAccount: LOCAL.account,
        });
      }
    }
  });
});

/** The service authorization reference calls an agent a user. */
function kindInConnect(resource: string): string {
  const [, kind = ''] = /:(?:instance\/[^/]+\/)?([a-z-]+)\/[^/]+$/.exec(resource) ?? [];
  return kind === 'agent' ? 'user' : kind;
}

/** The ARN of one API or instance of this account, or of a rule or a topic of this stack. */
const OF_THIS_ACCOUNT = new RegExp(
  `^(arn:aws:[a-z-]+:${LOCAL.region}:${LOCAL.account}:[A-Za-z]+/.+|arn:aws:sns:${LOCAL.region}:${LOCAL.account}:[A-Za-z]+|[A-Za-z]+\\.Arn)$`,
);

/** The resources that an action may be granted on; IAM's wildcard only at the end, for ids that others give. */
function closed(action: string): RegExp {
  const here = `${LOCAL.region}:${LOCAL.account}`;
  switch (action.split(':')[0]) {
    case 'connect': {
      const instance = OF_EVERY_INSTANCE.includes(action) ? '(\\*|[a-f0-9-]{36})' : '[a-f0-9-]{36}';
      return new RegExp(`^arn:aws:connect:${here}:(instance/${instance}(/[a-z-]+/\\*)?|phone-number/\\*)$`);
    }
    case 'logs':
      return new RegExp(`^arn:aws:logs:${here}:log-group:[A-Za-z]+:\\*$`);
    case 'sms-voice':
      return new RegExp(
        `^arn:aws:sms-voice:${here}:(phone-number/\\*|(pool|phone-number|sender-id)/[\\w-]+)$`,
      );
    case 's3':
      return /^arn:aws:s3:::[a-z0-9.-]+\/[A-Za-z0-9._-]+$/;
    default:
      return new RegExp(`^arn:aws:[a-z0-9]+:${here}:[A-Za-z0-9/:_-]+$`);
  }
}
