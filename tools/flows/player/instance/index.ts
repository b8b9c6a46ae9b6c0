import type { InstalledFlow } from '#tools/flows/player/flow/read.ts';
import type { Place } from '#tools/flows/player/instance-state.ts';

/** What a call needs of a Connect instance. Everything is found by id or by ARN. */
export interface CallInstance {
  arn: string;
  flow(reference: string): Promise<InstalledFlow | undefined>;
  /** Whether a function was associated with the instance: no other may be invoked by its flows. */
  hasLambda(functionArn: string): Promise<boolean>;
  queue(reference: string): Promise<Place | undefined>;
  agent(reference: string): Promise<Place | undefined>;
}
