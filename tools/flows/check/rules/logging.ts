import { type AnalyzedFlow, createReporter, type Finding } from '#tools/flows/check/finding.ts';

/** A flow turns Connect's logs off before it does anything else, and never turns them on. */
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
      : [report('Its first action does not turn the logs off.', first)]),
    ...turnsOn.map((action) => report('It turns on logs, which hold what callers say and key.', action)),
  ];
}
