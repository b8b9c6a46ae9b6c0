import { agentDetailsOf } from '#core/agent-sync/connect-users.ts';

const USER = { id: 'a', arn: 'arn', username: 'jane', firstName: 'Jane', lastName: 'Roe', tags: {} };
const AGENT = { agentId: 'a', arn: 'arn', username: 'jane', firstName: 'Jane', lastName: 'Roe' };

test.each([
  [{}, {}],
  [{ 'switchboard:extension': ' 1042 ' }, { preferredExtension: '1042' }],
  [{ 'switchboard:extension': ' ' }, {}],
  [{ 'switchboard:unlisted': 'true' }, { unlisted: true }],
  [{ 'switchboard:unlisted': ' TRUE ' }, { unlisted: true }],
  [{ 'switchboard:unlisted': 'false' }, {}],
  [{ 'switchboard:unlisted': '' }, {}],
])('a user with the tags %j is an agent with %j', (tags, requested) => {
  expect(agentDetailsOf({ ...USER, tags })).toEqual({ ...AGENT, ...requested });
});
