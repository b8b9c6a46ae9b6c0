import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';

/** The first action turns off flow logs, and no action turns them on. */
export function checkLogging(subject: AnalyzedFlow): Finding[] {
  const { graph } = subject;
  const report = createReporter(subject, 'logging');
  const first = graph.actions.get(graph.start);
  const turnsOn = [...graph.actions.values()].filter(
    ({ Type, Parameters }) =>
      Type === 'UpdateFlowLoggingBehavior' && Parameters.FlowLoggingBehavior !== 'Disabled',
  );
  return [
    ...(first?.Type === 'UpdateFlowLoggingBehavior'
      ? []
      : [
          report(
            'The flow does not turn off its logs. Start it with UpdateFlowLoggingBehavior Disabled.',
            first,
          ),
        ]),
    ...turnsOn.map((action) =>
      report('It turns on flow logs, which record what callers say and key. Disable them.', action),
    ),
  ];
}
