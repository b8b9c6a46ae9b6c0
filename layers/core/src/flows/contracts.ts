/**
 * The keys in the answers of flow functions, which a flow reads as `$.External.<key>`. A key that ends in `*` stands for
 * every key with this prefix. Tests compare this with the real answers.
 */
export const ANSWER_KEYS = {
  CallerLookupFunctionArn: [
    'status',
    'matches',
    'source',
    'message',
    'contactId',
    'displayName',
    'firstName',
    'lastName',
    'language',
    'agentId',
    'extension',
    'audiences',
    'audience_*',
    'attr_*',
    'truncated',
  ],
  ExtensionTransferFunctionArn: [
    'status',
    'reason',
    'message',
    'agentId',
    'agentArn',
    'username',
    'displayName',
    'extension',
    'agentStatus',
    'agentSince',
    'agentSinceText',
  ],
  NameDirectoryFunctionArn: [
    'status',
    'message',
    'matches',
    'name1',
    'extension1',
    'agentId1',
    'name2',
    'extension2',
    'agentId2',
    'name3',
    'extension3',
    'agentId3',
    'more',
  ],
  FlowSmsFunctionArn: ['status', 'message', 'messageId', 'segments', 'language'],
} as const satisfies Record<string, readonly string[]>;

/** The values of `$.External.status` after each function. Tests compare them with the types of the answers. */
export const ANSWER_STATUSES = {
  CallerLookupFunctionArn: ['FOUND', 'AMBIGUOUS', 'NOT_FOUND', 'ANONYMOUS', 'INVALID', 'DEGRADED'],
  ExtensionTransferFunctionArn: ['FOUND', 'NOT_FOUND', 'INVALID', 'DEGRADED'],
  NameDirectoryFunctionArn: ['FOUND', 'NOT_FOUND', 'INVALID', 'DEGRADED'],
  FlowSmsFunctionArn: [
    'ACCEPTED',
    'DUPLICATE',
    'ANONYMOUS',
    'RECIPIENT_UNKNOWN',
    'FROM_NOT_ALLOWED',
    'NO_TEMPLATE',
    'INVALID',
    'DEGRADED',
  ],
} as const satisfies Record<keyof typeof ANSWER_KEYS, readonly string[]>;

/** The parameters that each function reads. A function that takes any name is not listed. */
export const FUNCTION_PARAMETERS = {
  CallerLookupFunctionArn: ['identifier'],
  ExtensionTransferFunctionArn: ['digits', 'language'],
  NameDirectoryFunctionArn: ['digits'],
} as const satisfies Partial<Record<keyof typeof ANSWER_KEYS, readonly string[]>>;
