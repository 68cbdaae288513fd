import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** Whether this runs from its sources, as in the checkout, and not compiled. */
const IS_SOURCE = import.meta.url.endsWith('.ts');
/** What `import 'keyhole'` gives: this very copy, built or not, wherever the importing file lies. */
const PUBLIC = new URL(IS_SOURCE ? '../index.ts' : '../index.js', import.meta.url).href;

/**
 * Hooks for files of the user, as source, since hooks run where nothing of ours is loaded. They answer to tsx, which asks them last:
 * - `keyhole` is this copy of keyhole. Another one would make targets of its own kind, and in the checkout none is built.
 * - A file written with `import` and `export` is a module, also where package.json says (or leaves it at) "commonjs". tsx would turn
 *   it into CommonJS, and its imports into `require`, which knows nothing of the line above.
 */
const HOOKS = `
import { readFile } from 'node:fs/promises';
const PUBLIC = ${JSON.stringify(PUBLIC)};
const OWN_SCRIPT = /^file:(?!.*\\/node_modules\\/).*\\.[jt]sx?(?:\\?|$)/;
const MODULE_SYNTAX = /^\\s*(?:import\\s*[\\w{*'"]|export\\s+(?:[\\w{*]|$))/m;
const COMMONJS_SYNTAX = /\\b(?:module\\.exports|exports\\.\\w+)\\s*=/;
export async function resolve(specifier, context, next) {
  const found = await next(specifier === 'keyhole' ? PUBLIC : specifier, context);
  if (found.format?.startsWith('module') || !OWN_SCRIPT.test(found.url)) return found;
  const text = await readFile(new URL(found.url), 'utf8');
  return MODULE_SYNTAX.test(text) && !COMMONJS_SYNTAX.test(text) ? { ...found, format: 'module' } : found;
}`;
const HOOKS_URL = `data:text/javascript,${encodeURIComponent(HOOKS)}`;

let registered = false;

/** From now on this thread can import TypeScript, and `keyhole`. Once is enough. */
export async function registerLoader(): Promise<void> {
  if (registered) return;
  registered = true;
  // The thread of a checkout was started with both: see threadEntry.
  if (IS_SOURCE && !isMainThread) return;
  // Ours first: tsx is asked before it, and passes on to it.
  register(HOOKS_URL);
  const tsx = await import('tsx/esm/api');
  tsx.register();
}

/** What a thread is started with to run a source file of ours. In the checkout TypeScript must be understood before the first import. */
export function threadEntry(file: URL): URL {
  if (!IS_SOURCE) return new URL(file.href.replace(/\.ts$/, '.js'));
  const lines = [
    `import { register } from 'node:module';`,
    `register(${JSON.stringify(HOOKS_URL)});`,
    `const tsx = await import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))});`,
    `tsx.register();`,
    `await import(${JSON.stringify(file.href)});`,
  ];
  return new URL(`data:text/javascript,${encodeURIComponent(lines.join('\n'))}`);
}
