import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version of a package as the files of keyhole would import it; `null` where it is not installed. */
export function installedVersion(name: string): string | null {
  for (let folder = resolve(dirname(fileURLToPath(import.meta.url))); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
    if (dirname(folder) === folder) return null;
  }
}
