import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import { done, failed, type Outcome, type Played, parameter } from './action.ts';

export function disconnect({ call }: Played): Outcome {
  const text = call.lastWords;
  return {
    kind: 'end',
    end:
      text === undefined
        ? { kind: 'cut-off', why: 'the flow hung up without a word' }
        : { kind: 'goodbye', text },
  };
}

export function endFlow(): Outcome {
  return { kind: 'flow-ended' };
}

export async function transferToFlow(played: Played): Promise<Outcome> {
  const reference = parameter(played, 'ContactFlowId');
  const flow = reference ? await played.call.options.instance.flow(reference) : undefined;
  return flow ? { kind: 'flow', flow: flow.arn } : failed('there is no such flow');
}

/** Changes nothing that a caller could notice. */
export function nothing(): Outcome {
  return done;
}

export function notPlayed({ action }: Played): Outcome {
  throw new FlowError(`${action.type} is not played here: flow modules are left to Connect.`);
}
