import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { orUnavailable } from '../../platform/outage.ts';
import { DUE_INDEX } from '../keys.ts';
import { type MessageTable, readItems } from '../table.ts';
import type { Template } from './template.ts';

const TABLE = 'MessagesTable';
const PREFIX = 'TEMPLATE#';
const TEMPLATE = 'TEMPLATE';

/** One read's worth: BatchGetItem takes so many keys. */
export const TEMPLATES_A_PAGE = 100;

function templateKey(name: string) {
  return { pk: `${PREFIX}${name}`, sk: TEMPLATE };
}

/** Writes a template; one of this name is replaced. */
export async function putTemplate(
  { client, messages }: MessageTable,
  { name, texts }: Template,
): Promise<void> {
  // The index lists the names.
  const Item = { ...templateKey(name), gsi1pk: TEMPLATE, gsi1sk: name, texts };
  await orUnavailable(TABLE, client.send(new PutCommand({ TableName: messages, Item })));
}

export async function getTemplate(
  { client, messages }: MessageTable,
  name: string,
  options: { abortSignal?: AbortSignal } = {},
): Promise<Template | undefined> {
  const read = new GetCommand({ TableName: messages, Key: templateKey(name), ConsistentRead: true });
  const { Item } = await orUnavailable(TABLE, client.send(read, options));
  return Item && { name, texts: Item.texts as Template['texts'] };
}

/** @returns false when there was none */
export async function deleteTemplate({ client, messages }: MessageTable, name: string): Promise<boolean> {
  const remove = new DeleteCommand({ TableName: messages, Key: templateKey(name), ReturnValues: 'ALL_OLD' });
  const { Attributes } = await orUnavailable(TABLE, client.send(remove));
  return Attributes !== undefined;
}

/**
 * A page of templates, in order of their names. The index learns of a new one a moment later.
 *
 * @param after the last name of the page before
 */
export async function listTemplates(
  { client, messages }: MessageTable,
  after?: string,
): Promise<{ templates: Template[]; next?: string }> {
  const list = new QueryCommand({
    TableName: messages,
    IndexName: DUE_INDEX,
    KeyConditionExpression: 'gsi1pk = :templates AND gsi1sk > :after',
    // Sorts before every name.
    ExpressionAttributeValues: { ':templates': TEMPLATE, ':after': after ?? ' ' },
    Limit: TEMPLATES_A_PAGE,
  });
  const { Items = [], LastEvaluatedKey } = await orUnavailable(TABLE, client.send(list));
  const names = Items.map(({ gsi1sk }) => String(gsi1sk));
  const found = await readTemplates({ client, messages }, names);
  const templates = names.flatMap((name) => found.get(name) ?? []);
  const last = names.at(-1);
  return { templates, ...(LastEvaluatedKey && last !== undefined ? { next: last } : {}) };
}

async function readTemplates(table: MessageTable, names: string[]): Promise<Map<string, Template>> {
  const items = await readItems(table, names.map(templateKey), {});
  return new Map(
    items.map(({ pk, texts }) => {
      const name = String(pk).slice(PREFIX.length);
      return [name, { name, texts: texts as Template['texts'] }];
    }),
  );
}
