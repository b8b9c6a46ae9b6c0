import { startFunctions } from '../support/functions.ts';
import { freshTables } from '../support/tables.ts';

describe('a built function in the worker host', () => {
  test('answers an event as it would in Lambda', async () => {
    const functions = await startFunctions(await freshTables());
    try {
      const { answer } = await functions.invoke('CallerLookupFunction', {
        Details: { ContactData: { CustomerEndpoint: { Address: 'anonymous' } }, Parameters: {} },
      });

      expect(answer).toMatchObject({ status: 'ANONYMOUS' });
      expect(functions.log()).toContain('"status":"ANONYMOUS"');
    } finally {
      await functions.stop();
    }
  });

  test('names every missing and malformed setting at once when it is loaded', async () => {
    const environment = { LOOKUP_TABLE: undefined, ROOT_KEY_ARN: undefined, DEFAULT_COUNTRY: 'usa' };
    const functions = await startFunctions(await freshTables(), { environment });
    try {
      const { error } = await functions.invoke('CallerLookupFunction', {});

      expect(error?.errorType).toBe('ConfigurationError');
      expect(error?.errorMessage).toMatch(
        /LOOKUP_TABLE is missing.*DEFAULT_COUNTRY must be.*ROOT_KEY_ARN is missing/,
      );
    } finally {
      await functions.stop();
    }
  });
});
