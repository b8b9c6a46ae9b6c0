import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { startFunctions } from '#support/functions.ts';
import { request } from '#support/local-stack.ts';
import { OURS, putNumber, scan, storedMessages } from '#support/messages.ts';
import { freshTables } from '#support/tables.ts';

/** As text, as digits of the number, and in base64 in each of its three positions. */
const TRACES = /zqxmark|5550187|enF4bWFya|pxeG1hcm|6cXhtYXJr/i;
const MARKED = { idempotencyKey: 'key-zqxmark', toPhoneNumber: '+13125550187', content: 'Hello zqxmark' };

test('no log, response, or row contains a content, a recipient, or a key, even after failures', async () => {
  const tables = await freshTables();
  const functions = await startFunctions(tables, { parameters: { AllowUnknownRecipients: 'true' } });
  await putNumber(tables, OURS, { pool: 'direct', state: 'ASSIGNED' });
  const answers: string[] = [];
  const statuses: number[] = [];
  const send = async (parts: object) => {
    const body = { sms: { ...MARKED, fromPhoneNumber: OURS, ...parts } };
    const { status, text } = await request(`${functions.apiUrl}/sms/send/one`, 'POST', body);
    statuses.push(status);
    answers.push(text);
  };

  await send({});
  await send({});
  await send({ content: 'Other zqxmark' });
  await send({ fromPhoneNumber: '+13125550187', toPhoneNumber: '+13125550188' });
  await send({ fromPhoneNumber: OURS, toPhoneNumber: OURS, content: 'zqxmark' });
  await send({ toPhoneNumber: 'zqxmark' });
  await send({ content: `zqxmark \ud83d` });
  await send({ content: 'zqxmark'.repeat(300) });
  await send({ idempotencyKey: 'zqxmark'.repeat(50) });
  const fields = ['zqxmark', '+13125550187 zqxmark', 'zqxmark \ud83d'];
  const lines = fields
    .map((name) => JSON.stringify({ ...MARKED, fromPhoneNumber: OURS, [name]: 1 }))
    .join('\n');
  const many = await request(`${functions.apiUrl}/sms/send/many`, 'POST', lines);
  const { trackingId } = JSON.parse(many.text);
  const batch = await request(`${functions.apiUrl}/sms/batches/${trackingId}`, 'GET');
  answers.push(many.text, batch.text);
  const [message] = await storedMessages(tables);
  const one = await request(`${functions.apiUrl}/sms/messages/${message?.messageId}`, 'GET');
  const rows = [...(await scan(tables, tables.messages)), ...(await scan(tables, tables.idempotency))];
  await tables.client.send(new DeleteTableCommand({ TableName: tables.messages }));
  await send({ idempotencyKey: 'another zqxmark' });
  await functions.stop();

  expect(statuses).toEqual([200, 200, 422, 422, 400, 400, 400, 400, 400, 500]);
  expect([one.status, many.status, batch.status]).toEqual([200, 202, 200]);
  expect(functions.log()).toContain('"failed"');
  for (const output of [functions.log(), ...answers, one.text, JSON.stringify(rows)])
    expect(output).not.toMatch(TRACES);
});
