// What must hold of direct numbers, whoever was cut off where.
type Item = Record<string, unknown>;

/** What is wrong: a direct number and its agent name each other, and the index finds every number by its state. */
export function findDirectDamage(items: ReadonlyMap<string, Item>): string[] {
  return [...items].flatMap(([key, item]) => {
    if (item.sk === 'AGENT') return damageOfHolder(key, item, items);
    return item.sk === 'NUMBER' && item.pool === 'direct' ? damageOfNumber(key, item, items) : [];
  });
}

function damageOfHolder(
  key: string,
  { directNumber, agentId }: Item,
  items: ReadonlyMap<string, Item>,
): string[] {
  if (directNumber === undefined) return [];
  const number = items.get(`NUMBER#${directNumber} NUMBER`);
  return number?.state === 'ASSIGNED' && number.agentId === agentId
    ? []
    : [`${key} has the number ${directNumber}, which is ${number?.state ?? 'gone'}`];
}

function damageOfNumber(key: string, item: Item, items: ReadonlyMap<string, Item>): string[] {
  const number = String(item.pk).slice('NUMBER#'.length);
  const { state, dueAt, gsi1pk, gsi1sk, agentId, reason, reservationId } = item;
  const due = state === 'RESERVED' || state === 'QUARANTINED';
  const indexed = due
    ? gsi1pk === 'DUE' && gsi1sk === `${dueAt}#${number}`
    : gsi1pk === `${state}#direct` && gsi1sk === number;
  const own =
    (agentId !== undefined) === (state === 'ASSIGNED') &&
    (reason !== undefined) === (state === 'BLOCKED') &&
    (reservationId !== undefined) === (state === 'RESERVED');
  if (!indexed || !own) return [`${key} is ${state} in a wrong way`];
  const held = state !== 'ASSIGNED' || items.get(`AGENT#${agentId} AGENT`)?.directNumber === number;
  return held ? [] : [`${key} is assigned to nobody who has it`];
}
