import { mkdir, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CliContext } from '#tools/cli/context.ts';
import { drawFlows } from '#tools/flows/draw/draw-flows.ts';

const PICTURES = new URL('../../../docs/pictures/', import.meta.url);

export function configureDraw(command: Command, { output }: CliContext): void {
  command
    .description('Draw the flows into docs/pictures. Do this after each change of a flow.')
    .action(async () => {
      await mkdir(PICTURES, { recursive: true });
      const pictures = drawFlows();
      for (const [name, svg] of pictures) await writeFile(new URL(name, PICTURES), svg);
      output.line(`${pictures.size} pictures are in docs/pictures: ${[...pictures.keys()].join(', ')}.`);
    });
}
