import type { BrandedTarget } from './define.ts';
import { proxyTarget, type ProxyOptions } from './proxy.ts';

/**
 * A caching proxy in a bare Node, so that what starts and asks servers can be tested where no server is installed. It keeps what says
 * `max-age`, for each caller apart unless it is told to share, and it does as its query `mode` says: see the tests.
 */
const TOY = `
const http = require('node:http');
const [host, port, originHost, originPort, mode] = process.argv.slice(1);
const kept = new Map();
let asked = 0;
const added = mode.startsWith('add ') ? mode.slice(4) : '';
if (mode === 'mute') setInterval(() => {}, 1000);
if (mode === 'exit') { console.error('cannot go on: \\u001b[31mred\\u0007'); process.exit(7); }
if (mode === 'flood') setInterval(() => { for (let i = 0; i < 50; i++) process.stderr.write('x'.repeat(8000) + '\\n'); }, 1).unref();
const server = http.createServer((request, response) => {
  const isFence = request.url.startsWith('/~');
  if (!isFence && mode === 'die' && ++asked === 8) { console.error('dying'); process.exit(3); }
  if (!isFence && mode === 'hang up' && ++asked === 3) return request.socket.destroy();
  if (mode === 'astray') return response.writeHead(502).end('no upstream');
  if (!isFence && mode === 'garbage') return response.end('<html>hello</html>');
  const { authorization, cookie } = request.headers;
  // Whatever stands first in the path is left out, as where a key is made of the names in it: one program's frames are found in the next.
  const name = mode.startsWith('nameless') ? request.url.replace(/^\\/[^~][^/]*/, '') : request.url;
  const key = JSON.stringify([request.method, name, ...(mode.endsWith('shared') ? [] : [authorization, cookie, request.headers['x-user'], request.headers['if-none-match']])]);
  // Visitors without credentials share a key: what is private must not be kept for them.
  const isAnonymous = authorization === undefined && cookie === undefined && request.headers['x-user'] === undefined;
  const hit = kept.get(key);
  if (hit !== undefined) return response.writeHead(200, hit.headers).end(hit.body);
  const upstream = http.request({ host: originHost, port: originPort, path: request.url + added, method: request.method, headers: request.headers, agent: false }, (answer) => {
    const chunks = [];
    answer.on('data', (chunk) => chunks.push(chunk));
    answer.on('end', () => {
      const body = Buffer.concat(chunks);
      const said = answer.headers['cache-control'] || '';
      const isKept = answer.statusCode === 200 && /max-age/.test(said) && !(isAnonymous && /private|no-store/i.test(said));
      if (isKept) kept.set(key, { headers: answer.headers, body });
      response.writeHead(answer.statusCode, answer.headers).end(body);
    });
  });
  upstream.on('error', () => response.writeHead(502).end());
  upstream.end();
});
server.keepAliveTimeout = 60000;
if (mode !== 'mute') server.listen(Number(port), host);
`;

export type ToyMode =
  | 'apart'
  | 'shared'
  | 'mute'
  | 'exit'
  | 'flood'
  | 'die'
  | 'hang up'
  | 'garbage'
  | 'astray'
  | 'nameless apart'
  | 'nameless shared'
  | `add ${string}`;

/** The toy as a target. */
export function toyProxy(mode: ToyMode = 'apart', options: Partial<ProxyOptions> = {}): BrandedTarget {
  return proxyTarget({
    name: 'toy',
    evidence: { server: 'a toy', version: [process.execPath, '--version'] },
    start: ({ host, port, origin }) => ({ command: process.execPath, args: ['-e', TOY, '--', host, String(port), origin.host, String(origin.port), mode] }),
    // Pictures cost too much where every run is recorded.
    frames: 'text',
    capabilities: { credentials: ['bearer', 'none'], spellings: ['path'] },
    ...options,
  });
}
