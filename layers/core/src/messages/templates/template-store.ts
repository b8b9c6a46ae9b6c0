import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { callMessagesTable, type MessageTable } from '#core/messages/table.ts';
import { DUE_INDEX } from '#core/messages/table-keys.ts';
import { chunks } from '#core/platform/chunks.ts';
import { batchGet } from '#core/platform/dynamodb/batch.ts';
import { queryPage } from '#core/platform/dynamodb/paginate.ts';
import { asUnavailable } from '#core/platform/errors.ts';
import type { Template } from './template.ts';

const TABLE = 'MessagesTable';
const TEMPLATE_PREFIX = 'TEMPLATE#';
const TEMPLATE_KEY = 'TEMPLATE';

export const MAX_TEMPLATE_PAGE_SIZE = 100;

function templateKey(name: string) {
  return { pk: `${TEMPLATE_PREFIX}${name}`, sk: TEMPLATE_KEY };
}

/** Writes a template, and replaces one with the same name. */
export async function putTemplate(
  { client, messages }: MessageTable,
  { name, texts }: Template,
): Promise<void> {
  // The index lists the names.
  const Item = { ...templateKey(name), gsi1pk: TEMPLATE_KEY, gsi1sk: name, texts };
  await asUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
}

export async function getTemplate(
  { client, messages }: MessageTable,
  name: string,
  options: { abortSignal?: AbortSignal } = {},
): Promise<Template | undefined> {
  const read = new GetCommand({ TableName: messages, Key: templateKey(name), ConsistentRead: true });
  const { Item } = await asUnavailable(TABLE, client.send(read, options));
  return Item && { name, texts: Item.texts as Template['texts'] };
}

/** @returns false when there is no such template */
export async function deleteTemplate({ client, messages }: MessageTable, name: string): Promise<boolean> {
  const remove = new DeleteCommand({ TableName: messages, Key: templateKey(name), ReturnValues: 'ALL_OLD' });
  const { Attributes } = await asUnavailable(TABLE, client.send(remove));
  return Attributes !== undefined;
}

/**
 * Reads a page of templates, in the order of their names. The index contains a new template a moment later. A page of
 * large templates has fewer than `limit`, but at least one.
 *
 * @param page `limit`: `MAX_TEMPLATE_PAGE_SIZE` at most; `after`: the `next` of the page before
 */
export async function listTemplates(
  table: MessageTable,
  { limit, after = FIRST_NAME_POSITION }: { limit: number; after?: string | undefined },
): Promise<{ templates: Template[]; next?: string }> {
  const query = {
    TableName: table.messages,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'gsi1pk = :templates AND gsi1sk > :after',
    ExpressionAttributeValues: { ':templates': TEMPLATE_KEY, ':after': after },
    Limit: limit,
  };
  const { items, next: more } = await queryPage(table.client, query, callMessagesTable);
  const names = items.map(({ gsi1sk }) => String(gsi1sk));
  const templates: Template[] = [];
  let [size, last] = [0, ''];
  for (const part of chunks(names, TEMPLATE_READ_BATCH_SIZE)) {
    const found = await readTemplates(table, part);
    for (const name of part) {
      const template = found.get(name);
      size += template ? JSON.stringify(template).length : 0;
      if (size > MAX_TEMPLATE_PAGE_LENGTH && templates.length > 0) return { templates, next: last };
      if (template) templates.push(template);
      last = name;
    }
  }
  return { templates, ...(more ? { next: last } : {}) };
}

/** Sorts before every name. */
const FIRST_NAME_POSITION = ' ';

/**
 * The characters of a page. A character takes up to seven bytes of the 6 MB that Lambda returns, and one template has up to
 * half a million.
 */
const MAX_TEMPLATE_PAGE_LENGTH = 400_000;

/** A small number, so that with large templates, not much more is read than returned. */
const TEMPLATE_READ_BATCH_SIZE = 10;

async function readTemplates(table: MessageTable, names: string[]): Promise<Map<string, Template>> {
  const items = await batchGet(table.client, table.messages, names.map(templateKey), {
    call: callMessagesTable,
  });
  return new Map(
    items.map(({ pk, texts }) => {
      const name = String(pk).slice(TEMPLATE_PREFIX.length);
      return [name, { name, texts: texts as Template['texts'] }];
    }),
  );
}
