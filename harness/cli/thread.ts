import { dirname, resolve } from 'node:path';
import { workerData } from 'node:worker_threads';
import { checkTarget } from '../campaign/check.ts';
import { readConfig } from '../campaign/config-file.ts';
import type { ValidConfig } from '../campaign/config-schema.ts';
import type { LoadedConfig, ThreadData } from '../campaign/protocol.ts';
import { prove } from '../campaign/prove.ts';
import { infoOf, repeat } from '../campaign/repeat.ts';
import { rescue } from '../campaign/rescue.ts';
import { serve } from '../campaign/serve.ts';
import { UsageProblem } from '../campaign/usage-problem.ts';
import type { Target } from '../targets/target.ts';
import { allBuiltIn, incidents, loadBuiltIn } from './built-in.ts';

// The checking thread: everything that the user wrote runs here, and nothing that draws the screen.
const { config: path } = workerData as ThreadData;
let config: Promise<ValidConfig> | undefined;

serve({
  load: async () => loaded(await configOf()),
  check: async ({ target: name, runs, maxTimeMs, ...options }, bench) => {
    const target = await targetOf(name);
    return disposing(target, () =>
      checkTarget(bench.watch(target), {
        ...options,
        ...(runs === undefined ? {} : { runs }),
        ...(maxTimeMs === undefined ? {} : { maxTimeMs }),
        stopped: () => bench.stopped(),
        onProgress: (progress) => bench.progress(progress),
        onSighting: (sighted) => bench.sighting(sighted),
      }),
    );
  },
  rescue: async ({ target: name, seed, maxTimeMs, sighted }, bench) => {
    const target = await targetOf(name);
    const until = performance.now() + maxTimeMs;
    return disposing(target, () => rescue(bench.watch(target), sighted, { seed, stopped: () => bench.stopped() || performance.now() > until }));
  },
  replay: async ({ target: name, program, times }, bench) => {
    const target = await targetOf(name);
    return disposing(target, () => repeat(bench.watch(target), program, times));
  },
  prove: async ({ fixture, ...options }, bench) => {
    const planted = (await incidents()).find(({ id }) => id === fixture)!;
    return prove(planted, options, bench);
  },
});

function configOf(): Promise<ValidConfig> {
  return (config ??= path === null ? Promise.resolve({}) : readConfig(path));
}

/** A target of the configuration, or else a built-in one. */
async function targetOf(name: string): Promise<Target> {
  const own = (await configOf()).targets?.find((target) => target.name === name);
  if (own !== undefined) return own;
  const builtIn = (await allBuiltIn()).find((target) => target.name === name);
  if (builtIn === undefined) throw new UsageProblem(`There is no target "${name}".`, 'See them all with: keyhole list targets');
  return loadBuiltIn(builtIn);
}

async function disposing<T>(target: Target, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await target.dispose?.();
  }
}

function loaded({ targets = [], seed, runs, maxTimeMs, corpus }: ValidConfig): LoadedConfig {
  return {
    path,
    targets: targets.map(infoOf),
    seed,
    runs,
    maxTimeMs,
    ...(corpus === undefined || path === null ? {} : { corpus: resolve(dirname(path), corpus) }),
  };
}
