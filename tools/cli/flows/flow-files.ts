import { readdir, readFile } from 'node:fs/promises';
import { CommandError } from '#tools/cli/errors.ts';

const FLOWS = new URL('../../../flows/', import.meta.url);

/**
 * Loads a module that imports the flows.
 *
 * @throws {CommandError} names every file of flows or prompts that is missing or is not JSON
 */
export async function loadWithFlows<Loaded>(load: () => Promise<Loaded>, folder = FLOWS): Promise<Loaded> {
  const invalid = await findInvalidFiles(folder);
  if (invalid.length > 0) {
    throw new CommandError(
      invalid.map(({ file, fault }) => `flows/${file} is not valid JSON: ${fault}`).join('\n'),
    );
  }
  try {
    return await load();
  } catch (error) {
    const file = missingFile(error, folder);
    if (file === undefined) throw error;
    throw new CommandError(`flows/${file} does not exist.`, { cause: error });
  }
}

interface InvalidFile {
  /** Relative to the folder: `prompts/de.json`. */
  file: string;
  fault: string;
}

async function findInvalidFiles(folder: URL): Promise<InvalidFile[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json')).sort();
  const faults = await Promise.all(
    files.map(async (file) => ({ file, fault: jsonFault(await readFile(new URL(file, folder), 'utf8')) })),
  );
  return faults.flatMap(({ file, fault }) => (fault === undefined ? [] : [{ file, fault }]));
}

function jsonFault(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The file of the folder that an import did not find: `dial-by-name.json`. */
function missingFile(error: unknown, folder: URL): string | undefined {
  const { code, url = '' } = error as NodeJS.ErrnoException & { url?: string };
  return code === 'ERR_MODULE_NOT_FOUND' && url.startsWith(folder.href)
    ? url.slice(folder.href.length)
    : undefined;
}
