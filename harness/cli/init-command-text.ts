/** What `keyhole init` writes: a configuration that works, and a comment for each kind of target. `typed`: for TypeScript. */
export function configText(typed: boolean): string {
  return TEXT.replace('MAP', typed ? 'new Map<string, Uint8Array>()' : 'new Map()');
}

const TEXT = `// Which caches keyhole checks: npx keyhole check
import { defineConfig, functionTarget } from 'keyhole';

export default defineConfig({
  targets: [
    // A FUNCTION in this process, such as this small cache. Put your own in its place: keyhole is the origin of the frames, so the cache
    // gets its origin from outside, as in a test.
    functionTarget({
      name: 'example',
      // Makes an empty cache, for every sequence of requests that is tried.
      open({ origin }) {
        const frames = MAP;
        return {
          async get(request) {
            const { allowed, epoch } = await origin.authorise(request);
            if (!allowed) return null; // Leave this line out, and check again: that is what a leak looks like.
            // What an answer depends on belongs into the key. The epoch changes when the camera gets another owner.
            const key = JSON.stringify([request.camera, request.tier, epoch]);
            const kept = frames.get(key);
            if (kept) return kept;
            const reply = await origin.fetch(request);
            // The camera may have got another owner since the first question.
            if (reply.status === 200 && reply.epoch === epoch) frames.set(key, reply.body);
            return reply.body;
          },
        };
      },
    }),

    // An APP: Express, Fastify, a plain handler. It is served on the loopback interface and asked over HTTP.
    //
    // appTarget({
    //   name: 'app',
    //   build({ origin, requestOf }) {
    //     const app = express(); // with your cache in it
    //     app.use(async (req, res) => {
    //       const reply = await origin.fetch(requestOf(req));
    //       if (reply.status === 200) res.type('image/jpeg').send(reply.body);
    //       else res.sendStatus(reply.status);
    //     });
    //     return app;
    //   },
    // }),

    // A CLIENT with a cache in it, through which many users fetch, such as undici.
    //
    // clientTarget({
    //   name: 'undici',
    //   open() {
    //     const client = new Agent().compose(interceptors.cache());
    //     return {
    //       request: ({ url, ...options }) => request(url, { dispatcher: client, ...options }),
    //       close: () => client.close(),
    //     };
    //   },
    // }),

    // A PROXY: a server between keyhole and keyhole's origin, started in a folder of its own and ended by keyhole.
    //
    // proxyTarget({
    //   name: 'nginx',
    //   evidence: { server: 'nginx', version: ['nginx', '-v'] },
    //   start: ({ origin, host, port, directory }) => ({
    //     command: 'nginx',
    //     args: ['-p', directory, '-c', 'nginx.conf'],
    //     files: {
    //       'nginx.conf': \`daemon off; master_process off; pid nginx.pid; error_log stderr; events {}
    //         http {
    //           access_log off;
    //           proxy_cache_path cache keys_zone=frames:10m;
    //           server { listen \${host}:\${port}; location / { proxy_pass http://\${origin.host}:\${origin.port}; proxy_cache frames; } }
    //         }\`,
    //     },
    //   }),
    // }),
  ],
  // The same programs each time, for a check that gates a build. Without it a seed is drawn and printed.
  // seed: 1,
  // Counterexamples that you keep: they run first. Take them from .keyhole/counterexamples.
  // corpus: 'test/leaks',
});
`;
