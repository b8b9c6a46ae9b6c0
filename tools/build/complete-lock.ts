// npm run lock: adds to package-lock.json the optional packages of other platforms that npm left out, because the
// registry it asked does not have them. Without their entries `npm ci` refuses the lock file.
import { readFile, writeFile } from 'node:fs/promises';

interface Entry {
  version?: string;
  optionalDependencies?: Record<string, string>;
  dev?: boolean;
  [field: string]: unknown;
}

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'sunos',
  'win32',
  'aix',
  'openharmony',
];
const PROCESSORS: Record<string, string> = { armv7: 'arm', arm: 'arm', riscv64gc: 'riscv64' };
const ALL_PROCESSORS = [
  'arm64',
  'arm',
  'armv7',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
];

const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
const packages: Record<string, Entry> = lock.packages;
const added: string[] = [];
for (const { optionalDependencies = {}, dev } of Object.values(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`;
    const platform = platformOf(name);
    if (packages[place] || !platform) continue;
    packages[place] = { version, ...(dev ? { dev } : {}), optional: true, ...platform };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} packages of other platforms added to package-lock.json.\n`);

/** What such packages say in their own package.json, told from their names; undefined when it is no such package. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } | undefined {
  const words = name.split('/').at(-1)?.split('-') ?? [];
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => ALL_PROCESSORS.includes(word));
  if (!os || !cpu) return undefined;
  const libc = words.some((word) => /^musl/.test(word))
    ? ['musl']
    : words.some((word) => /^gnu/.test(word))
      ? ['glibc']
      : undefined;
  return { os: [os], cpu: [PROCESSORS[cpu] ?? cpu], ...(libc ? { libc } : {}) };
}
