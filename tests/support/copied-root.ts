import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CopiedRoot {
  path: string;
  remove(): void;
}

export interface CopiedRootOptions {
  /** Changes the text of template.yaml. */
  template?: (text: string) => string;
  /** Leaves out what was built. */
  built?: boolean;
  /** Leaves out the embedded engine, as on a machine it has no binary for. */
  engine?: boolean;
}

/** A copy of what `npm start` needs, for what a user's copy may have wrong. */
export function copyRoot({
  template = (text) => text,
  built = true,
  engine = true,
}: CopiedRootOptions): CopiedRoot {
  const root = process.cwd();
  const path = mkdtempSync(join(tmpdir(), 'switchboard-root-'));
  cpSync(join(root, 'tools'), join(path, 'tools'), { recursive: true });
  cpSync(join(root, 'package.json'), join(path, 'package.json'));
  writeFileSync(join(path, 'template.yaml'), template(readFileSync(join(root, 'template.yaml'), 'utf8')));
  if (built) symlinkSync(join(root, 'dist'), join(path, 'dist'));
  mkdirSync(join(path, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@dynoxide' && !engine) continue;
    symlinkSync(join(root, 'node_modules', name), join(path, 'node_modules', name));
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
