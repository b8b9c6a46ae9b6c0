/** What the template gives the functions of the contacts, for tests that load one. */
export function setContactsEnv(): void {
  Object.assign(process.env, {
    CONTACTS_TABLE: 'contacts',
    LOOKUP_TABLE: 'lookup',
    DIRECTORY_TABLE: 'directory',
    MESSAGES_TABLE: 'messages',
    DEFAULT_COUNTRY: 'US',
    ORGANIZATION: 'main',
    ROOT_KEY_ARN: 'arn:aws:kms:eu-central-1:111122223333:key/root',
    KEY_VERSIONS: '1',
    LOOKUP_BUDGET_MS: '2000',
  });
}

/** The same for the functions of the messages. */
export function setMessagesEnv(): void {
  setContactsEnv();
  Object.assign(process.env, {
    MESSAGES_TABLE: 'messages',
    IDEMPOTENCY_TABLE: 'idempotency',
    MESSAGE_RETENTION_DAYS: '30',
    ALLOW_UNKNOWN_RECIPIENTS: 'false',
  });
}
