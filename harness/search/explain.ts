import type { Explanation } from '../../models/domain/explanation.ts';
import type { History } from '../../models/domain/history.ts';
import { operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, CHANNELS, type Credential, type Template, TEMPLATE_ATTRIBUTES, TIERS } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { decide } from './decide.ts';
import { BROUGHT_BACK, sentenceOf } from './decisions.ts';
import type { Evaluate, Found, Leaks } from './evaluate.ts';
import { sameShape } from './evaluate.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import { isMoved } from './explain-evicted.ts';
import { confusionOf } from './explain-ids.ts';
import { isBroughtBack, isRefilled, rootOf, upTo } from './explain-past.ts';
import { inTurn, isOverlapped, merelyOverlapping, type Staged, stagingOf } from './explain-staging.ts';
import { PLAIN_IDS } from './ids.ts';
import { withCamera, withStranger, withTemplate } from './rewrite.ts';
import { isSound } from './soundness.ts';
import type { Tried } from './tried.ts';

/** What a counterexample is tried against. */
export interface Trial {
  readonly evaluate: Evaluate;
  readonly capabilities: Capabilities;
}

/** Finds out why a counterexample leaks: reads how the answer came about, then varies the parts of the program one by one. */
export async function explain(program: Program, found: Found, history: History, trial: Trial): Promise<Explanation> {
  const { evaluate } = trial;
  const leaks: Leaks = async (changed) => (await evaluate(changed)).some((other) => sameShape(other, found));
  const evidence = evidenceOf(program, found, history);
  const root = rootOf(history, evidence);
  if (root !== null) return explain({ ...program, operations: program.operations.slice(0, root.instant) }, root, upTo(history, root), trial);
  const conditions = await conditionsOf(program, trial.capabilities, leaks);
  const isNotOfBefore = found.property === 'KH001' || (found.property === 'KH002' && !evidence.own && !evidence.hadBefore);
  const mistaken = isNotOfBefore && !conditions.ids && (await leaks(withoutFill(program, evidence.bringer)));
  const known = trial.capabilities.lifetimes === 'http' ? evidence : { ...evidence, broken: null, ungiven: false };
  const deferred = await isDeferred(program, evidence, trial, leaks);
  const atOnce = (evidence.refusedFetch || evidence.replaced) && (await leaks(withoutReply(program)));
  const staged = await stagingOf(program, found, evidence, evaluate);
  const moved = conditions.crowded && (await isMoved(program, evidence, leaks));
  const decided = decide(found, known, { ...conditions, ...staged, mistaken, deferred, atOnce, moved });
  // Which ids a hash confuses depends on everything else in the key: that it is seen here alone says nothing about the cache.
  const isChance = conditions.ids && conditions.confusion === null && !evidence.own;
  const said = isChance ? conditions.circumstances : [...conditions.circumstances, ...conditions.when];
  const isBack = decided.decision === 'invalidate' && conditions.told && !conditions.crowded && (await isBroughtBack(program, history, evidence, leaks));
  const { decision, clause } = isBack ? BROUGHT_BACK : decided;
  const refilled = decision === 'invalidate' && (await isRefilled(program, history, evidence, leaks));
  const sentence = sentenceOf(refilled ? [...said, 'once a stored copy has been replaced by a newer one'] : said, clause);
  const matters = refilled ? [...conditions.matters, 'a second copy for one entry'] : conditions.matters;
  return { decision, sentence, matters, indifferent: conditions.indifferent };
}

interface Conditions extends Omit<Tried, 'mistaken' | 'deferred' | 'atOnce' | 'moved' | keyof Staged> {
  /** What the cache has been through, as the beginning of a sentence. */
  readonly circumstances: readonly string[];
  /** How it has to be asked, in the same form. */
  readonly when: readonly string[];
  readonly matters: readonly string[];
  readonly indifferent: readonly string[];
}

/** The values of an attribute that the target can be asked with. */
function othersOf(attribute: (typeof TEMPLATE_ATTRIBUTES)[number], capabilities: Capabilities): readonly Template[keyof Template][] {
  switch (attribute) {
    case 'channel':
      return capabilities.channels ? CHANNELS : ['app'];
    case 'tier':
      return TIERS;
    case 'credential':
      return capabilities.credentials.filter((credential) => credential !== 'none');
    case 'spelling':
      return capabilities.spellings;
    case 'method':
      return capabilities.http ? [undefined, 'HEAD', 'POST'] : [undefined];
    case 'condition':
      return capabilities.http ? [undefined, 'own', 'any'] : [undefined];
    case 'range':
      return capabilities.http ? [undefined, true] : [undefined];
  }
}

const WHEN: Readonly<Record<string, string>> = {
  'channel=hub': 'on the hub',
  'channel=app': 'in the app',
  'tier=low': 'at the low tier',
  'tier=high': 'at the high tier',
  'credential=bearer': 'for requests with a bearer token',
  'credential=cookie': 'for requests with a cookie',
  'credential=query': 'for requests with a token in the query',
  'credential=header': 'for requests with an identity header',
  'credential=none': 'for anonymous requests',
  'spelling=path': 'when the camera is named in the path',
  'spelling=query': 'when the camera is named in the query',
  'method=HEAD': 'for HEAD',
  'method=POST': 'after a POST',
  'condition=own': 'for conditional requests',
  'condition=any': 'for If-None-Match: *',
  'range=true': 'for ranges',
};

async function conditionsOf(program: Program, capabilities: Capabilities, leaks: Leaks): Promise<Conditions> {
  const circumstances: string[] = [];
  const when: string[] = [];
  const matters: string[] = [];
  const indifferent: string[] = [];
  const { world, operations } = program;
  if (operations.some((letter) => letter.op === 'reconfigure')) circumstances.push('after the cache was reconfigured');
  if (operations.some((letter) => letter.op === 'restart')) circumstances.push('after a restart');
  if (world.together === true)
    matters.push((await isOfOverlap(program, leaks)) ? 'requests that are under way at once' : 'requests in one turn of the event loop');
  for (const attribute of TEMPLATE_ATTRIBUTES) {
    const values = new Set(world.templates.map((template) => template[attribute]));
    if (values.size > 1) {
      matters.push(`two values of ${attribute}: ${[...values].map((value) => value ?? 'none').join(' and ')}`);
      continue;
    }
    const value = world.templates[0]![attribute];
    const others = othersOf(attribute, capabilities).filter((other) => other !== value && isHonest(program, attribute, other, capabilities));
    if (others.length === 0) continue;
    let survived = 0;
    for (const other of others) if (await leaks(withEverywhere(program, attribute, other))) survived++;
    if (survived === 0) {
      const words = WHEN[`${attribute}=${value}`];
      if (words !== undefined && isUnusual(attribute, value)) when.push(words);
      // That a picture is asked for as a whole, without conditions, is what a reader assumes.
      if (value !== undefined) matters.push(`${attribute} ${value}`);
    } else if (survived === others.length) indifferent.push(`any ${attribute}`);
    else if (value !== undefined) matters.push(`${attribute} ${value} or some others`);
  }
  const idsFor = await idsMatter(program, leaks);
  const ids = idsFor !== null;
  if (ids) matters.push(`the ids ${[...world.users, ...world.cameras.map((camera) => camera.id)].map(quoted).join(', ')}`);
  else indifferent.push('any two users and cameras');
  const roomier = { world: { ...world, capacity: world.capacity + 64 }, operations };
  const crowded = !(await leaks(roomier));
  if (!crowded) indifferent.push('any capacity');
  else {
    when.push('once entries are evicted');
    matters.push(`a capacity of ${world.capacity}`);
  }
  const overlap = isOverlapped(program) && !(await leaks(inTurn(program)));
  if (await isGivenTwice(program, leaks)) when.push('when a right is given twice');
  if (await isRepeated(program, leaks)) when.push('when the same change comes a second time');
  const confusion = idsFor === 'order' ? OF_ORDER : ids ? await confusionOf(program, leaks) : null;
  return { circumstances, when, matters, indifferent, ids, confusion, overlap, crowded, told: capabilities.told };
}

/** Whether what leaks where requests come in one turn leaks as well where each comes while others are under way. Shrinking has tried them one by one. */
async function isOfOverlap(program: Program, leaks: Leaks): Promise<boolean> {
  for (const other of merelyOverlapping(program)) if (await leaks(other)) return true;
  return false;
}

/** Long enough for a timer or a message, and too short for the end of a lifetime. */
const MOMENT_MS = 1000;

/** Whether the cache does what it is told, and a moment too late. */
async function isDeferred(program: Program, evidence: Evidence, trial: Trial, leaks: Leaks): Promise<boolean> {
  const { world, operations } = program;
  // Time that passes before the copy comes in takes nothing from its lifetime.
  const isPlain = operations.every(({ op }, place) => op !== 'begin' && (op !== 'advance' || place + 1 < (evidence.bringer?.at ?? 0)));
  if (!trial.capabilities.told || !trial.capabilities.time || !evidence.changedSince || !isPlain || world.lifetimeMs < 10 * MOMENT_MS) return false;
  return !(await leaks({ world, operations: [...operations.slice(0, -1), operation({ op: 'advance', by: MOMENT_MS }), ...operations.slice(-1)] }));
}

/** The program in which the origin has not yet answered when the last request is. */
function withoutReply({ world, operations }: Program): Program {
  const last = operations.at(-1);
  return { world, operations: last?.op === 'request' ? [...operations.slice(0, -1), operation({ ...last, op: 'begin' })] : operations };
}

/** The program in which whoever brought the copy in asks for a camera of somebody else instead, and so brings in nothing. */
function withoutFill({ world, operations }: Program, bringer: Evidence['bringer']): Program {
  if (bringer === null) return { world, operations: [] };
  const changed = operations.map((letter) =>
    'template' in letter && letter.user === bringer.user && letter.camera === bringer.camera && letter.template === bringer.template
      ? operation({ ...letter, camera: world.cameras.length })
      : letter,
  );
  return { world: withCamera(withStranger(world), world.users.length), operations: changed };
}

/** What a cache is told that takes something away. */
const CHANGES: ReadonlySet<string> = new Set(['unshare', 'unpublish', 'recreate', 'transfer', 'unlink', 'disable', 'purge']);

/** Whether it takes one change twice. In a shrunk program both are needed; one that could not be shrunk to the end has to be asked. */
async function isRepeated({ world, operations }: Program, leaks: Leaks): Promise<boolean> {
  const changes = operations.map((letter) => (CHANGES.has(letter.op) ? JSON.stringify(letter) : null));
  const first = changes.findIndex((change, place) => change !== null && changes.includes(change, place + 1));
  return first >= 0 && !(await leaks({ world, operations: operations.toSpliced(first, 1) }));
}

const GIFTS: ReadonlySet<string> = new Set(['share', 'publish']);

/** Whether it takes a right that is given once more while it is there: without that, or with somebody else given one in its place, nothing leaks. */
async function isGivenTwice({ world, operations }: Program, leaks: Leaks): Promise<boolean> {
  const letters = operations.map((letter) => JSON.stringify(letter));
  const second = operations.findIndex((letter, place) => {
    const first = GIFTS.has(letter.op) ? letters.lastIndexOf(letters[place]!, place - 1) : -1;
    return place > 0 && first >= 0 && operations.slice(first, place).every(({ op }) => !CHANGES.has(op));
  });
  const gift = operations[second];
  if (gift === undefined || (gift.op !== 'share' && gift.op !== 'publish')) return false;
  if (await leaks({ world, operations: operations.toSpliced(second, 1) })) return false;
  const other = operation({ op: 'share', camera: gift.camera, user: world.users.length });
  return !(await leaks({ world: withStranger(world), operations: operations.toSpliced(second, 1, other) }));
}

/** Whether it is worth saying where a leak was seen: the plainest way of asking is what a reader assumes. */
function isUnusual(attribute: (typeof TEMPLATE_ATTRIBUTES)[number], value: unknown): boolean {
  return attribute === 'credential' || (value !== 'app' && value !== 'path' && value !== undefined);
}

/** Another credential may make a sound origin unsound: what leaks then says nothing about the cache (rule 5). */
function isHonest({ world }: Program, attribute: (typeof TEMPLATE_ATTRIBUTES)[number], value: unknown, { lifetimes }: Capabilities): boolean {
  if (lifetimes === 'granted' || attribute !== 'credential') return true;
  return world.templates.every((template) => isSound(value as Credential, world.policies[template.policy]!));
}

function withEverywhere(program: Program, attribute: (typeof TEMPLATE_ATTRIBUTES)[number], value: unknown): Program {
  const everywhere = (from: Program): Program =>
    program.world.templates.reduce((changed, template, place) => withTemplate(changed, place, { ...template, [attribute]: value }), from);
  return everywhere(attribute === 'credential' ? withoutVisitors(program) : program);
}

/** The same, and whoever asks without saying who he is has become a user who owns nothing: an owner has rights that a visitor never had. */
function withoutVisitors({ world, operations }: Program): Program {
  if (!operations.some((letter) => 'template' in letter && letter.user === ANONYMOUS)) return { world, operations };
  const changed = operations.map((letter) => ('template' in letter && letter.user === ANONYMOUS ? operation({ ...letter, user: world.users.length }) : letter));
  return { world: withStranger(world), operations: changed };
}

/** An id in quotation marks, with all that is not plain written out: two ids that look alike are not the same. */
function quoted(id: string): string {
  return JSON.stringify(id).replaceAll(/[^\x20-\x7e]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** The ids differ, whole and in every part of a key: what else they have is an order. */
const OF_ORDER =
  'what is found depends on the order of the ids: it is looked for in a range, or as the next or the first one, so that what is kept for somebody else is taken for it';

/** Whether it takes these very ids, for how they are spelled, or for their order: null where it leaks with plain ones, and with the same the other way round. */
async function idsMatter({ world, operations }: Program, leaks: Leaks): Promise<'spelling' | 'order' | null> {
  const users = PLAIN_IDS.users.slice(0, world.users.length);
  const ids = PLAIN_IDS.cameras.slice(0, world.cameras.length);
  const named = (names: readonly string[], places: readonly string[]): Program => ({
    world: { ...world, users: [...names], cameras: world.cameras.map((camera, index) => ({ ...camera, id: places[index]! })) },
    operations,
  });
  if (!(await leaks(named(users, ids)))) return 'spelling';
  return (await leaks(named(users.toReversed(), ids.toReversed()))) ? null : 'order';
}
