import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the harness itself lies: what threw there was called by it, and is not what a reader looks for. */
const HERE = fileURLToPath(new URL('..', import.meta.url));
const FRAME = /^\s*at (?:async )?(?:(.*?) \()?((?:file:\/\/|[A-Za-z]:)?[^()]+):(\d+):(\d+)\)?$/;

/** Where an error was thrown, as `function (file:line:column)`, seen from the working directory; null where its stack leads nowhere but into the harness. */
export function placeOf(error: unknown): string | null {
  const { stack } = error as { stack?: unknown };
  if (typeof stack !== 'string') return null;
  for (const line of stack.split('\n')) {
    const [, name, where = '', row, column] = FRAME.exec(line) ?? [];
    if (where === '' || where.startsWith('node:')) continue;
    const file = where.startsWith('file:') ? fileURLToPath(where) : where;
    if (file.startsWith(HERE) && !file.includes('.test.')) continue;
    const place = `${relative(process.cwd(), file)}:${row}:${column}`;
    return name === undefined ? place : `${name} (${place})`;
  }
  return null;
}
