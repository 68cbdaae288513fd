/** Processor time in ns an operation: `run` says how many it did. Others who use the machine are not counted, what is collected is. */
export async function nanoseconds(run: () => number | Promise<number>): Promise<number> {
  const started = process.cpuUsage();
  const operations = await run();
  const { user, system } = process.cpuUsage(started);
  return ((user + system) * 1e3) / operations;
}

/** The same, so many times. */
export async function turnsOf(turns: number, run: () => number | Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) times.push(await nanoseconds(run));
  return times;
}

/** Heap growth over a run in which nothing is collected: the process has a young generation that is large enough. Buffers live outside of it. */
export async function bytesAnOperation(run: () => number | Promise<number>): Promise<number> {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const operations = await run();
  return Math.max(0, process.memoryUsage().heapUsed - before) / operations;
}

/** The value that a tenth lies below: what something takes when the caches of the processor are its own. */
export function quiet(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 10)]!;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}
