import { brokenFiles, missingFile } from './flows/files.ts';

const FLOWS = new URL('../../flows/', import.meta.url);

// The flows are read as modules, and what is no JSON cannot be: so this comes before they are loaded.
const broken = await brokenFiles(FLOWS);
for (const { file, fault } of broken) console.error(`flows/${file} is no JSON: ${fault}`);

process.exitCode = broken.length > 0 ? 1 : await run();

async function run(): Promise<number> {
  try {
    const { runFlows } = await import('./flows/main.ts');
    return await runFlows(process.argv.slice(2));
  } catch (error) {
    const file = missingFile(error, FLOWS);
    if (file === undefined) throw error;
    console.error(`flows/${file} is not there.`);
    return 1;
  }
}
