import { brokenFiles } from './flows/files.ts';

const broken = await brokenFiles(new URL('../flows/', import.meta.url));
for (const { file, fault } of broken) console.error(`flows/${file} is no JSON: ${fault}`);

// The flows are read as modules, and what is no JSON cannot be: so this comes after the look at the files.
process.exitCode =
  broken.length > 0 ? 1 : await (await import('./flows/main.ts')).runFlows(process.argv.slice(2));
