import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { World } from '../../models/domain/world.ts';

/** What is worth trying first. */
interface Named {
  readonly name: string;
}

/** What shrinking has learnt of one bug: which programs were tried, what the failing ones led to (`Led`), which passes pay. */
export class Memory<Led> {
  /** How often each pass made a program simpler. */
  readonly score: Record<string, number> = {};
  private readonly cost: Record<string, number> = {};
  private readonly worlds = new Map<string | World, Kept<World>>();
  private readonly letters = new Map<string | Operation, Kept<Operation>>();
  private readonly tried = new Map<string, Led | null>();

  /** The same program out of parts that are there once: what was prepared for them need not be prepared again. */
  kept({ world, operations }: Program): { program: Program; key: string } {
    const known = keptIn(this.worlds, world, textOfWorld);
    const key: number[] = [known.number];
    const letters = operations.map((letter) => {
      const { part, number } = keptIn(this.letters, letter, textOfLetter);
      key.push(number);
      return part;
    });
    return { program: { world: known.part, operations: letters }, key: String.fromCharCode(...key) };
  }

  /** What is known of a program: where it led, null where it does not fail, undefined where nobody tried. */
  recall(key: string): Led | null | undefined {
    return this.tried.get(key);
  }

  /** Notes what a candidate of a pass led to. */
  learn(key: string, pass: Named, led: Led | null): void {
    this.tried.set(key, led);
    this.cost[pass.name] = (this.cost[pass.name] ?? 0) + 1;
    if (led !== null) this.score[pass.name] = (this.score[pass.name] ?? 0) + 1;
  }

  /** Passes, those first that made a program simpler most often for what they cost. */
  ordered<Pass extends Named>(passes: readonly Pass[]): readonly Pass[] {
    const worth = ({ name }: Pass): number => ((this.score[name] ?? 0) + 1) / ((this.cost[name] ?? 0) + 1);
    return passes.toSorted((a, b) => worth(b) - worth(a));
  }
}

/** A part of programs, and the number that stands for all that are equal to it. */
interface Kept<Part> {
  readonly part: Part;
  readonly number: number;
}

function keptIn<Part extends object>(parts: Map<string | Part, Kept<Part>>, part: Part, textOf: (part: Part) => string): Kept<Part> {
  let known = parts.get(part);
  if (known !== undefined) return known;
  const text = textOf(part);
  known = parts.get(text);
  if (known === undefined) parts.set(text, (known = { part, number: parts.size }));
  parts.set(part, known);
  return known;
}

/** Two worlds with one text are one world. Not JSON, which takes as long as a run of a short program. */
function textOfWorld({ users, cameras, templates, policies, capacity, lifetimeMs, together }: World): string {
  let text = `${capacity} ${lifetimeMs} ${together} ${users.length} ${cameras.length} ${templates.length}`;
  for (const { channel, tier, credential, spelling, method, condition, range, policy } of templates)
    text += `\n${channel} ${tier} ${credential} ${spelling} ${method} ${condition} ${range} ${policy}`;
  for (const { cacheControl, vary, validator, session } of policies) text += `\n${cacheControl}\t${vary}\t${validator} ${session}`;
  // Ids may hold anything: their lengths keep them apart.
  for (const id of users) text += `\n${id.length} ${id}`;
  for (const { id, owner } of cameras) text += `\n${id.length} ${id}${owner}`;
  return text;
}

function textOfLetter(letter: Operation): string {
  const { op, user, camera, template, outcome, channel, by, to } = letter as Operation & Record<string, unknown>;
  return [op, user, camera, template, outcome, channel, by, to].join(' ');
}
