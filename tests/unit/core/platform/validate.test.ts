import { smsBody } from '#core/messages/api/send-one.ts';
import { parseBody } from '#core/platform/validate.ts';

const sms = { idempotencyKey: 'k', fromPhoneNumber: '+1', toPhoneNumber: '+1', content: 'Hi' };

test.each(Object.keys(sms))('that %s is missing is said in our words', (field) => {
  expect(() => parseBody(smsBody, { ...sms, [field]: undefined })).toThrow(`${field} must be a string.`);
  const { [field as keyof typeof sms]: _, ...others } = sms;
  expect(() => parseBody(smsBody, others)).toThrow(
    expect.objectContaining({ code: 'INVALID_BODY', field, message: `${field} is missing.` }),
  );
});

test.each([[[]], ['text'], [null]])(
  '%j in the place of an object is refused by the name of its field',
  (input) => {
    expect(() => parseBody(smsBody, input, 'sms')).toThrow(
      expect.objectContaining({ field: 'sms', message: 'sms must be an object.' }),
    );
    expect(() => parseBody(smsBody, input)).toThrow('The body must be a JSON object.');
  },
);
