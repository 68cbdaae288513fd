import type { Explanation } from '../../models/domain/explanation.ts';
import type { Program } from '../../models/domain/program.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { Lab } from '../run/lab.ts';
import { explain } from '../search/explain.ts';
import { type FunctionOptions, functionTarget } from './function.ts';

/** What is said of a leak of a cache that was written by hand. Throws where the program does not show it. `shape`: property and kind. */
export async function explained(open: FunctionOptions['open'], program: Program, shape: string): Promise<Explanation> {
  const target = functionTarget({ name: 'by-hand', open });
  const lab = new Lab(target, PROPERTIES);
  const { breaches, history } = await lab.try(program, { record: true });
  const found = breaches.find(({ property, kind }) => `${property}/${kind}` === shape);
  if (found === undefined) throw new Error(`does not break ${shape}: ${breaches.map(({ property, kind }) => `${property}/${kind}`).join()}`);
  return explain(program, found, history, { evaluate: async (changed) => (await lab.try(changed)).breaches, capabilities: target.capabilities });
}
