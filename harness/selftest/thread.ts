import { parentPort, workerData } from 'node:worker_threads';
import type { Derived } from '../../fixtures/derived/base.ts';
import { derivedFaults } from '../../fixtures/derived/index.ts';
import type { Target } from '../targets/target.ts';
import { judgeDerived } from './judge-derived.ts';
import { soakLeg } from './soak-leg.ts';
import { soakTargets } from './soak-targets.ts';
import type { Task, TaskResults, TaskSaid } from './tasks.ts';

// A thread of the self-test: one of several that share the work.
const { stop } = workerData as { readonly stop: Int32Array };
const stopped = (): boolean => Atomics.load(stop, 0) === 1;
let derived: ReadonlyMap<string, Derived> | undefined;
let targets: ReadonlyMap<string, Target> | undefined;

parentPort!.on('message', (task: Task) => {
  void answer(task).then((said) => parentPort!.postMessage(said));
});

async function answer(task: Task): Promise<TaskSaid> {
  try {
    return { result: await carryOut(task) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function carryOut(task: Task): Promise<TaskResults[Task['kind']]> {
  if (task.kind === 'soak') {
    targets ??= new Map(soakTargets().map((target) => [target.name, target]));
    return soakLeg(targets.get(task.target)!, task);
  }
  derived ??= new Map(derivedFaults().map((one) => [one.id, one]));
  return judgeDerived(derived.get(task.id)!, { ...task, stopped });
}
