import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { picturesOf } from './blocks.ts';
import { place } from './layout.ts';
import { overview } from './overview.ts';
import { toSvg } from './svg.ts';

/** Every picture of the documents by its file's name: one of each shipped flow, and one of how they hang together. */
export function drawFlows(): Map<string, string> {
  const flows = SHIPPED_FLOWS.map(({ name, description, source }): [string, string] => {
    const { usual, afterErrors } = picturesOf(source);
    const parts = [
      { heading: '', placed: place(usual) },
      { heading: 'After an error', placed: place(afterErrors) },
    ];
    return [`${name}.svg`, toSvg(`The flow ${name}`, description, parts)];
  });
  const together = toSvg('How the flows hang together', 'Which flow leads to which, and where callers end.', [
    { heading: '', placed: place(overview()) },
  ]);
  return new Map([...flows, ['overview.svg', together]]);
}
