import type { ConnectState } from '#tools/local/emulators/index.ts';

/** Puts a flow that does nothing into the emulator's instance; returns its id. */
export function addFlow({ flows }: ConnectState, Name: string): string {
  const Id = `flow-${flows.all().length}`;
  const rest = { Type: 'CONTACT_FLOW', State: 'ACTIVE', Status: 'PUBLISHED', Description: '', Content: '{}' };
  flows.put({ Id, Arn: Id, Name, Tags: {}, ...rest });
  return Id;
}
