import type { ConnectWorld } from '#tools/local/emulators/index.ts';

/** Puts a flow that does nothing into the stand-in's instance; returns its id. */
export function flowInWorld({ flows }: ConnectWorld, Name: string): string {
  const Id = `flow-${flows.all().length}`;
  const rest = { Type: 'CONTACT_FLOW', State: 'ACTIVE', Status: 'PUBLISHED', Description: '', Content: '{}' };
  flows.put({ Id, Arn: Id, Name, Tags: {}, ...rest });
  return Id;
}
