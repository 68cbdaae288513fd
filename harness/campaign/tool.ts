import { createRequire } from 'node:module';
import type { Tool } from '../report/document.ts';

/** This tool and its version. */
export function toolOf(): Tool {
  // The package finds itself by its own name, wherever its files were emitted to.
  const { version } = createRequire(import.meta.url)('keyhole/package.json') as { version: string };
  return { name: 'keyhole', version };
}
