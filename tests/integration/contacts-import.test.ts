import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContactStore, getContact, putContact } from '#core/contacts/index.ts';
import { createKeyring } from '#core/platform/keys/index.ts';
import { newFolder } from '#support/folder.ts';
import { freshTables } from '#support/tables.ts';
import { type ContactRow, contactRows } from '#tools/cli/contacts/contact-rows.ts';
import { createContactWriter } from '#tools/cli/contacts/import.ts';
import { type FileImport, importFile, type WriteRow } from '#tools/cli/import/import-file.ts';

const keyring = createKeyring('main', [{ version: 1, secret: Buffer.alloc(64, 7) }]);

async function storeAndFile(name: string, content: string | Buffer) {
  const { client, contacts } = await freshTables();
  const store: ContactStore = { client, contacts, keyring };
  const path = join(newFolder(), name);
  await writeFile(path, content);
  const format = name.includes('.csv') ? ('csv' as const) : ('ndjson' as const);
  const run = (options: Partial<FileImport<ContactRow>> = {}) =>
    importFile({
      path,
      format,
      rows: contactRows,
      concurrency: 8,
      target: 't',
      write: createContactWriter(store, 'US'),
      ...options,
    });
  return { store, path, run, rejected: () => readFile(`${path}.rejected`, 'utf8') };
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('importing contacts from CSV', () => {
  it('stores every column, quoted newlines and both kinds of attributes', async () => {
    const { store, path, run } = await storeAndFile(
      'c.csv',
      '\uFEFFcontactId,firstName,lastName,language,identifiers,agentId,attributes,attr_tier,private_note\r\n' +
        'c-1,Jane,"O""Hara, ""Jr""",en-US,(415) 555-0100;jane@example.com;ref:CRM-17,agent-7,"{""since"":""2019"",""tier"":""x""}",vip,"two\nlines"\r\n' +
        'c-2,,,,+14155550101;ext=12|twitter:@jo,,,,\r\n',
    );

    expect(await run()).toMatchObject({ status: 'done', read: 2, written: 2, rejected: 0 });

    expect(await getContact(store, 'c-1')).toMatchObject({
      firstName: 'Jane',
      lastName: 'O"Hara, "Jr"',
      language: 'en-US',
      identifiers: ['+14155550100', 'jane@example.com', 'ref:CRM-17'],
      agentId: 'agent-7',
      attributes: { since: '2019', tier: 'vip' },
      privateAttributes: { note: 'two\nlines' },
      version: 1,
    });
    expect((await getContact(store, 'c-2'))?.identifiers).toEqual(['+14155550101', 'twitter:@jo']);
    expect(await exists(`${path}.progress`)).toBe(false);
    expect(await exists(`${path}.rejected`)).toBe(false);
  });

  it('writes good rows, and bad ones to a file that can be mended and imported in turn', async () => {
    const content = [
      'contactId,firstName,identifiers,attributes',
      'c-1,Jane,+14155550100,',
      'c-2,Marked-Person,not-a-number,',
      ',Nobody,+14155550102,',
      'c-4,Too,many,columns,here',
      'c-5,Broken,+14155550105,{oops}',
      'c-6,"open,+14155550106,',
      `c-7,${'x'.repeat(2_000_000)},,`,
      'c#8,Jo,,',
      'c-9,Last,+14155550109,',
    ].join('\n');
    const { store, path, run, rejected } = await storeAndFile('c.csv', content);

    expect(await run()).toMatchObject({ read: 9, written: 2, rejected: 7 });

    const lines = (await rejected()).split('\n');
    expect(lines[0]).toBe(
      'rejected_line,rejected_column,rejected_reason,contactId,firstName,identifiers,attributes',
    );
    expect(lines.map((line) => line.slice(0, 400))).toEqual([
      expect.anything(),
      expect.stringMatching(/^3,identifiers,.*,c-2,Marked-Person,not-a-number,$/),
      '4,contactId,The contactId is missing.,,Nobody,+14155550102,',
      '5,,"The row has 5 columns, the header 4.",c-4,Too,many,columns,here',
      '6,attributes,This is not JSON.,c-5,Broken,+14155550105,{oops}',
      '7,,A quote is opened and never closed.,c-6,"open,+14155550106,',
      expect.stringMatching(/^8,,The row is longer than 1 MB.,c-7,xxx/),
      expect.stringMatching(/^9,contactId,.*,c#8,Jo,,$/),
      '',
    ]);
    expect((await stat(`${path}.rejected`)).mode & 0o777).toBe(0o600);

    const mended = `${path}.rejected`;
    await writeFile(mended, (await rejected()).replace('not-a-number', '+14155550103').replace('{oops}', ''));
    const again = await run({ path: mended });
    expect(again).toMatchObject({ written: 2, rejected: 5 });
    expect((await getContact(store, 'c-2'))?.identifiers).toEqual(['+14155550103']);
    const second = await readFile(`${mended}.rejected`, 'utf8');
    expect(second.split('\n')[0]).toBe(lines[0]);
    expect(second.split('\n')[1]).toBe('3,contactId,The contactId is missing.,,Nobody,+14155550102,');
  });

  it.each([
    ['an unknown column', 'contactId,surname\n', 'Column 2 of the header is not known'],
    ['no contactId', 'firstName\nJane\n', 'no column contactId'],
    ['a column twice', 'contactId,language,language\n', 'the column language twice'],
    ['nothing', '', 'The file is empty'],
  ])('refuses a file with %s in its header', async (_, content, message) => {
    const { run } = await storeAndFile('c.csv', content);

    await expect(run()).rejects.toThrow(message);
  });
});

describe('importing contacts from NDJSON', () => {
  it('stops at a contact whose key version it does not have, and leaves it as it is', async () => {
    const { store, path, run } = await storeAndFile('c.ndjson', '{"contactId":"c-1","firstName":"New"}');
    const later = createKeyring('main', [{ version: 2, secret: Buffer.alloc(64, 8) }]);
    const body = { identifiers: [], attributes: {}, privateAttributes: {}, firstName: 'Jane' };
    await putContact({ ...store, keyring: later }, 'c-1', body);

    await expect(run()).rejects.toThrow(/key version 2, which is not among .*--key-versions/);

    expect(await getContact({ ...store, keyring: later }, 'c-1')).toMatchObject({
      firstName: 'Jane',
      version: 1,
    });
    expect(await exists(`${path}.progress`)).toBe(true);
  });

  it('keeps lines that are broken in the middle of the file, as they are', async () => {
    const { store, path, run, rejected } = await storeAndFile(
      'c.ndjson',
      '{"contactId":"c-1","firstName":"Jane","version":9}\n' +
        '{"contactId":"c-2","firstName":\n' +
        'nonsense\n' +
        '{}\n' +
        '{"contactId":"c-3","surname":"x"}\n' +
        '{"contactId":"c-4","identifiers":["+14155550104"]}',
    );

    expect(await run()).toMatchObject({ read: 6, written: 2, rejected: 4 });

    expect((await rejected()).split('\n')).toEqual([
      '{"rejected":{"line":2,"column":"","reason":"This is not JSON."},"contactId":"c-2","firstName":',
      '{"rejected":{"line":3,"column":"","reason":"This is not JSON."},"row":"nonsense"}',
      '{"rejected":{"line":4,"column":"contactId","reason":"The contactId is missing."}}',
      expect.stringMatching(
        /^\{"rejected":\{"line":5,"column":"surname",.*\},"contactId":"c-3","surname":"x"\}$/,
      ),
      '',
    ]);
    expect(await getContact(store, 'c-1')).toMatchObject({ firstName: 'Jane', version: 1 });

    await writeFile(`${path}.rejected`, (await rejected()).replace('"surname":"x"', '"lastName":"x"'));
    expect(await run({ path: `${path}.rejected` })).toMatchObject({ written: 1, rejected: 3 });
    expect((await readFile(`${path}.rejected.rejected`, 'utf8')).split('\n').slice(0, 3)).toEqual([
      '{"rejected":{"line":1,"column":"","reason":"This is not JSON."},"contactId":"c-2","firstName":',
      '{"rejected":{"line":2,"column":"contactId","reason":"The contactId is missing."},"row":"nonsense"}',
      '{"rejected":{"line":3,"column":"contactId","reason":"The contactId is missing."}}',
    ]);
  });

  it('writes a contact that is there several times in the order of the file', async () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      JSON.stringify({ contactId: `c-${i % 3}`, firstName: `name ${i}` }),
    );
    const { store, run } = await storeAndFile('c.ndjson', lines.join('\n'));

    await run({ concurrency: 32 });

    for (const i of [0, 1, 2]) {
      expect(await getContact(store, `c-${i}`)).toMatchObject({ firstName: `name ${297 + i}`, version: 100 });
    }
  });

  it('replaces contacts that differ and leaves those that do not', async () => {
    const { store, run } = await storeAndFile(
      'c.ndjson',
      '{"contactId":"c-1","identifiers":["(415) 555-0100"]}\n{"contactId":"c-2","firstName":"new"}\n',
    );
    const body = { attributes: {}, privateAttributes: {} };
    await putContact(store, 'c-1', { ...body, identifiers: ['+14155550100'] });
    await putContact(store, 'c-2', { ...body, identifiers: [], firstName: 'old', lastName: 'x' });

    expect(await run()).toMatchObject({ written: 1, unchanged: 1 });

    expect(await getContact(store, 'c-1')).toMatchObject({ version: 1 });
    const replaced = await getContact(store, 'c-2');
    expect(replaced).toMatchObject({ version: 2, firstName: 'new' });
    expect(replaced).not.toHaveProperty('lastName');
  });
});

describe('an import that is interrupted', () => {
  const rows = Array.from({ length: 200 }, (_, i) =>
    i % 10 === 3 ? `{"contactId":"c-${i}","bad":1}` : `{"contactId":"c-${i}","firstName":"name ${i}"}`,
  );

  /** Ends in the middle of things, as a kill does: after so many writes none is answered any more. */
  function dyingAfter(writes: number, write: WriteRow<ContactRow>): WriteRow<ContactRow> {
    let left = writes;
    return async (row) => {
      if (left-- <= 0) throw new Error('killed');
      return await write(row);
    };
  }

  it.each([0, 1, 7, 60, 150])(
    'has every good row once, and every bad one once, after a kill at %i writes',
    async (writes) => {
      const { store, path, run, rejected } = await storeAndFile('c.ndjson', rows.join('\n'));
      const write = createContactWriter(store, 'US');
      await expect(run({ write: dyingAfter(writes, write), checkpointMs: 0 })).rejects.toThrow('killed');
      // What a kill leaves behind the last checkpoint.
      if (writes > 60) await appendFile(`${path}.rejected`, '{"half a row');

      const result = await run();

      expect(result).toMatchObject({ status: 'done', read: 200, rejected: 20 });
      expect((await rejected()).match(/"line":\d+/g)).toEqual(
        Array.from({ length: 20 }, (_, i) => `"line":${10 * i + 4}`),
      );
      for (let i = 0; i < 200; i++) {
        const contact = await getContact(store, `c-${i}`);
        expect(contact?.firstName).toBe(i % 10 === 3 ? undefined : `name ${i}`);
        if (contact) expect(contact.version).toBe(1);
      }
      expect(await exists(`${path}.progress`)).toBe(false);
    },
  );

  it('does not go on in a file that has changed, or into another table, unless told to start over', async () => {
    const { store, path, run } = await storeAndFile('c.ndjson', rows.join('\n'));
    const write = createContactWriter(store, 'US');
    await expect(run({ write: dyingAfter(50, write) })).rejects.toThrow('killed');

    await expect(run({ target: 'another' })).rejects.toThrow('--fresh');
    await appendFile(path, '\n{"contactId":"c-new"}');
    await expect(run()).rejects.toThrow('has changed');
    expect(await run({ fresh: true })).toMatchObject({ status: 'done', read: 201 });
  });
});
