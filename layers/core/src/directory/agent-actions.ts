import { type Condition, ifAttributesAre } from '#core/platform/dynamodb/conditions.ts';
import { updateExpression } from '#core/platform/dynamodb/update-expression.ts';
import {
  type Agent,
  type AgentDetails,
  type AgentPlacement,
  agentIndexKeys,
  agentKey,
  type SpelledDetails,
} from './agents.ts';
import type { NumberOwner } from './numbers.ts';
import type { Directory, WriteAction } from './table.ts';

/** The agent as it was read. A change names it in its condition. */
export interface ExpectedAgent {
  agentId: string;
  fingerprint: string;
  placement: AgentPlacement;
  /** Absent in a snapshot. A change that needs the spellings or the direct number then reads the agent. */
  spellings?: readonly string[];
  /** Known only together with the spellings. */
  directNumber?: string;
}

/** The attributes of an agent that its numbers repeat. */
export function ownerOf({ agentId, arn, username, firstName, lastName }: AgentDetails): NumberOwner {
  return { agentId, arn, username, firstName, lastName };
}

/** The attributes of an agent that come from Connect. */
export function detailsOf(agent: Agent): SpelledDetails {
  const { fingerprint: _, addedAt: __, placement: ___, directNumber: ____, ...details } = agent;
  return details;
}

/** Writes an agent's details and placement. The direct number stays. */
export function updateAgent(
  { table }: Directory,
  expected: ExpectedAgent,
  details: AgentDetails | SpelledDetails,
  placement: AgentPlacement,
  fingerprint: string,
  condition: Condition = ifDetailsUnchanged(expected),
): WriteAction {
  const { agentId, ...attributes } = details;
  return {
    Update: {
      TableName: table,
      Key: agentKey(agentId),
      ...updateExpression({
        set: {
          // What is absent is removed.
          ...{
            preferredExtension: undefined,
            unlisted: undefined,
            extension: undefined,
            waitingSince: undefined,
          },
          ...attributes,
          ...placement,
          ...agentIndexKeys(placement, details.username),
          fingerprint,
        },
        when: condition,
      }),
    },
  };
}

/**
 * Sets an agent's direct number in the transaction that changes the number itself.
 *
 * @param directNumber undefined removes it
 */
export function setDirectNumber(
  { table }: Directory,
  agent: ExpectedAgent,
  directNumber: string | undefined,
): WriteAction {
  const Key = agentKey(agent.agentId);
  const update = updateExpression({ set: { directNumber }, when: ifAgentUnchanged(agent) });
  return { Update: { TableName: table, Key, ...update } };
}

/** Removes a number that is revoked from its agent, in the transaction that changes the number. */
export function clearDirectNumber({ table }: Directory, agentId: string, directNumber: string): WriteAction {
  const update = updateExpression({ remove: ['directNumber'], when: ifAttributesAre({ directNumber }) });
  return { Update: { TableName: table, Key: agentKey(agentId), ...update } };
}

/** Holds while the agent has the expected details and extension. */
function ifDetailsUnchanged({ fingerprint, placement }: ExpectedAgent): Condition {
  const extension = 'extension' in placement ? placement.extension : undefined;
  return ifAttributesAre({ fingerprint, extension });
}

/** Holds while the agent has the expected details, extension, and direct number. */
export function ifAgentUnchanged({ fingerprint, placement, directNumber }: ExpectedAgent): Condition {
  const extension = 'extension' in placement ? placement.extension : undefined;
  return ifAttributesAre({ fingerprint, extension, directNumber });
}
