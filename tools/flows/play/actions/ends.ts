import { FlowError } from '#tools/flows/play/flow/playable-flow.ts';
import { type ActionContext, type ActionOutcome, DONE, failed, parameter } from './action.ts';

export function disconnect({ call }: ActionContext): ActionOutcome {
  const text = call.lastMessage;
  return {
    kind: 'end',
    end:
      text === undefined
        ? { kind: 'cut-off', why: 'the flow hung up in silence' }
        : { kind: 'goodbye', text },
  };
}

export function endFlow(): ActionOutcome {
  return { kind: 'flow-ended' };
}

export async function transferToFlow(context: ActionContext): Promise<ActionOutcome> {
  const reference = parameter(context, 'ContactFlowId');
  const flow = reference ? await context.call.options.instance.flow(reference) : undefined;
  return flow ? { kind: 'flow', flow: flow.arn } : failed('the flow does not exist');
}

/** Changes nothing that a caller can notice. */
export function noop(): ActionOutcome {
  return DONE;
}

export function unsupported({ action }: ActionContext): ActionOutcome {
  throw new FlowError(`The player does not support ${action.type}. Test flow modules in Connect.`);
}
