import { SHIPPED_FLOWS } from '@switchboard/core/flows';
import { createPictures } from './blocks.ts';
import { layoutPicture } from './layout.ts';
import { createOverview } from './overview.ts';
import { renderSvg } from './svg.ts';

/** Every picture of the documents by its file's name: one of each shipped flow, and one of how they hang together. */
export function drawFlows(): Map<string, string> {
  const flows = SHIPPED_FLOWS.map(({ name, description, source }): [string, string] => {
    const { main, afterErrors } = createPictures(source);
    const parts = [
      { heading: '', placed: layoutPicture(main) },
      { heading: 'After an error', placed: layoutPicture(afterErrors) },
    ];
    return [`${name}.svg`, renderSvg(`The flow ${name}`, description, parts)];
  });
  const together = renderSvg(
    'How the flows hang together',
    'Which flow leads to which, and where callers end.',
    [{ heading: '', placed: layoutPicture(createOverview()) }],
  );
  return new Map([...flows, ['overview.svg', together]]);
}
