import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureExhaustive } from './exhaustive.ts';
import { measureFlatness } from './flatness.ts';
import { measureAblation, measureDetection } from './hunts.ts';
import { measureShrinking } from './shrinking.ts';
import { measureAsyncThroughput } from './throughput-async.ts';
import { measureThroughput } from './throughput.ts';

/** What can be measured alone, with `--only`, and the field of the JSON document that it fills, in order. */
const PARTS = {
  throughput: measureThroughput,
  asynchronous: measureAsyncThroughput,
  flat: measureFlatness,
  detection: measureDetection,
  ablation: measureAblation,
  shrinking: measureShrinking,
  exhaustive: measureExhaustive,
} as const;

const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string', multiple: true } } });
for (const part of values.only ?? []) if (!Object.hasOwn(PARTS, part)) throw new Error(`There is no part ${part}: there are ${Object.keys(PARTS).join(', ')}.`);

const { model, cores, node } = machine();
console.log(`${model}, ${cores} cores, Node ${node}`);
const measured: Record<string, unknown> = {};
for (const [part, measure] of Object.entries(PARTS)) {
  if (values.only === undefined || values.only.includes(part)) measured[part] = await measure();
  // What has been measured so far is not lost to what comes later.
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ schema: 'keyhole.bench/1', machine: machine(), ...measured }, null, 2)}\n`);
}

function machine(): { model: string; cores: number; node: string } {
  const processors = cpus();
  return { model: processors[0]?.model.trim() ?? 'unknown processor', cores: processors.length, node: process.versions.node };
}
