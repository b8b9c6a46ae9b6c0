import { readdir, readFile } from 'node:fs/promises';

export interface BrokenFile {
  /** Below the folder: `prompts/de.json`. */
  file: string;
  fault: string;
}

/** The files of flows and prompts that are no JSON. */
export async function brokenFiles(folder: URL): Promise<BrokenFile[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.json')).sort();
  const faults = await Promise.all(
    files.map(async (file) => ({ file, fault: faultOf(await readFile(new URL(file, folder), 'utf8')) })),
  );
  return faults.flatMap(({ file, fault }) => (fault === undefined ? [] : [{ file, fault }]));
}

function faultOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The file of the folder that an import did not find: `dial-by-name.json`.
 *
 * @returns undefined for any other error
 */
export function missingFile(error: unknown, folder: URL): string | undefined {
  const { code, url = '' } = error as NodeJS.ErrnoException & { url?: string };
  return code === 'ERR_MODULE_NOT_FOUND' && url.startsWith(folder.href)
    ? url.slice(folder.href.length)
    : undefined;
}
