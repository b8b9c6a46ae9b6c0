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

/** What a change of an agent is decided on, and names in its condition. */
export interface ExpectedAgent {
  agentId: string;
  fingerprint: string;
  placement: AgentPlacement;
  /** Absent in what a full run remembers; a change that needs them, or the direct number, then reads the agent. */
  spellings?: readonly string[];
  /** Known only together with the spellings. */
  directNumber?: string;
}

/** What must hold for an agent to be written. */
interface Condition {
  ConditionExpression: string;
  ExpressionAttributeValues: Record<string, string>;
}

/** What of an agent is written on its numbers. */
export function ownerOf({ agentId, arn, username, firstName, lastName }: AgentDetails): NumberOwner {
  return { agentId, arn, username, firstName, lastName };
}

/** What Connect says of an agent, without what the directory adds. */
export function detailsOf(agent: Agent): SpelledDetails {
  const { fingerprint: _, addedAt: __, placement: ___, directNumber: ____, ...details } = agent;
  return details;
}

/** Writes an agent's details and placement; the direct number stays. `condition`: what else must hold. */
export function updateAgent(
  { table }: Directory,
  known: ExpectedAgent,
  details: AgentDetails | SpelledDetails,
  placement: AgentPlacement,
  fingerprint: string,
  condition = ifDetailsUnchanged(known),
): WriteAction {
  const { agentId, ...named } = details;
  const set: Record<string, unknown> = {
    ...named,
    ...placement,
    ...agentIndexKeys(placement, details.username),
    fingerprint,
  };
  const gone = [
    ...(details.preferredExtension === undefined ? ['preferredExtension'] : []),
    ...(details.unlisted === undefined ? ['unlisted'] : []),
    'extension' in placement ? 'waitingSince' : 'extension',
  ];
  return {
    Update: {
      TableName: table,
      Key: agentKey(agentId),
      UpdateExpression: `SET ${Object.keys(set)
        .map((name) => `${name} = :${name}`)
        .join(', ')} REMOVE ${gone.join(', ')}`,
      ConditionExpression: condition.ConditionExpression,
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

/** Gives an agent a direct number, another one, or none; the number itself is written beside it. */
export function setDirectNumber(
  { table }: Directory,
  agent: ExpectedAgent,
  directNumber: string | undefined,
): WriteAction {
  const condition = ifAgentUnchanged(agent);
  return {
    Update: {
      TableName: table,
      Key: agentKey(agent.agentId),
      UpdateExpression:
        directNumber === undefined ? 'REMOVE directNumber' : 'SET directNumber = :directNumber',
      ...condition,
      ExpressionAttributeValues: {
        ...condition.ExpressionAttributeValues,
        ...(directNumber === undefined ? {} : { ':directNumber': directNumber }),
      },
    },
  };
}

/**
 * ASSIGNED to whoever names it → the agent names it no longer. For a number that is taken from its agent, in the
 * transaction that changes the number.
 */
export function clearDirectNumber({ table }: Directory, agentId: string, directNumber: string): WriteAction {
  return {
    Update: {
      TableName: table,
      Key: agentKey(agentId),
      UpdateExpression: 'REMOVE directNumber',
      ConditionExpression: 'directNumber = :directNumber',
      ExpressionAttributeValues: { ':directNumber': directNumber },
    },
  };
}

/** Holds while the agent has the details and the extension that are known. */
function ifDetailsUnchanged({ fingerprint, placement }: ExpectedAgent): Condition {
  if ('extension' in placement) {
    return {
      ConditionExpression: 'fingerprint = :knownFingerprint AND extension = :knownExtension',
      ExpressionAttributeValues: {
        ':knownFingerprint': fingerprint,
        ':knownExtension': placement.extension,
      },
    };
  }
  return {
    ConditionExpression: 'fingerprint = :knownFingerprint AND attribute_not_exists(extension)',
    ExpressionAttributeValues: { ':knownFingerprint': fingerprint },
  };
}

/** … and the direct number too. */
export function ifAgentUnchanged(agent: ExpectedAgent): Condition {
  const { ConditionExpression, ExpressionAttributeValues } = ifDetailsUnchanged(agent);
  if (agent.directNumber === undefined) {
    return {
      ConditionExpression: `${ConditionExpression} AND attribute_not_exists(directNumber)`,
      ExpressionAttributeValues,
    };
  }
  return {
    ConditionExpression: `${ConditionExpression} AND directNumber = :knownDirect`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':knownDirect': agent.directNumber },
  };
}
