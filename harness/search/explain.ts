import type { Decision, Explanation } from '../../models/domain/explanation.ts';
import type { History, HistoryEvent } from '../../models/domain/history.ts';
import type { Program } from '../../models/domain/program.ts';
import { CHANNELS, type Credential, type Template, TEMPLATE_ATTRIBUTES, TIERS } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import type { Evaluate, Found } from './evaluate.ts';
import { sameShape } from './evaluate.ts';
import { bringerOf, type BrokenRule, brokenRule } from './http-evidence.ts';
import { PLAIN_IDS } from './ids.ts';
import { withTemplate } from './rewrite.ts';
import { isSound } from './soundness.ts';

/** What the history of a counterexample says about how the leaking answer came about. */
export interface Evidence {
  /** The camera of the frame is the one that was asked for. */
  readonly sameCamera: boolean;
  readonly sameTier: boolean;
  /** What the origin was asked on behalf of the leaking call, and what it said. */
  readonly authorised: 'not asked' | 'allowed' | 'refused';
  readonly fetched: boolean;
  /** The answer came with a reply of the origin that another call was waiting for. */
  readonly joined: boolean;
  /** The answer came when the origin failed. */
  readonly afterFailure: boolean;
  /** The copy was fetched before an operation that changed rights, and arrived after it. */
  readonly lateFill: boolean;
  /** The copy had been given out in another tier, and never in this one: a rendition of it was made for this call. */
  readonly made: boolean;
  /** Something that takes rights away lies between the answer that first carried the copy and this one: it could have been removed meanwhile. */
  readonly changedSince: boolean;
  /** Which rule of HTTP caching forbids to answer this call with what another one brought in; null where none does, or there was no other. */
  readonly broken: BrokenRule;
  /** What stands in the program besides asking. */
  readonly operations: ReadonlySet<string>;
}

/** What a counterexample is tried against. */
export interface Trial {
  readonly evaluate: Evaluate;
  readonly capabilities: Capabilities;
}

/** Finds out why a counterexample leaks: reads how the answer came about, then varies the parts of the program one by one. */
export async function explain(program: Program, found: Found, history: History, trial: Trial): Promise<Explanation> {
  const { evaluate } = trial;
  const leaks = async (changed: Program): Promise<boolean> => (await evaluate(changed)).some((other) => sameShape(other, found));
  const evidence = evidenceOf(program, found, history);
  const conditions = await conditionsOf(program, trial.capabilities, leaks);
  const known = trial.capabilities.lifetimes === 'http' ? evidence : { ...evidence, broken: null };
  const { decision, clause } = beyondFrames(found, known) ?? decide(found, known, conditions);
  const when = conditions.when.length === 0 ? '' : `${conditions.when.join(', ')}, `;
  const sentence = `${when}${clause}.`;
  return { decision, sentence: sentence[0]!.toUpperCase() + sentence.slice(1), matters: conditions.matters, indifferent: conditions.indifferent };
}

/** Reads the history of a counterexample. */
export function evidenceOf(program: Program, found: Found, history: History): Evidence {
  const violation = history.find((event) => event.event === 'violation' && event.property === found.property && event.kind === found.kind);
  const call = violation?.event === 'violation' ? violation.call : -1;
  const mine = history.filter((event) => 'call' in event && event.call === call);
  const asked = mine.find((event) => event.event === 'asked');
  if (asked?.event !== 'asked') throw new Error('The history holds no answer that breaks the property: it is not of this counterexample.');
  const answered = answerOf(mine, asked);
  const bringer = bringerOf(history, answered.frame.copy, call) ?? makerOf(history, mine, found);
  const authorisations = mine.filter((event) => event.event === 'origin' && event.contact === 'authorise');
  const lastWord = authorisations.at(-1);
  const trigger = history.find((event) => event.event === 'operation' && event.at === answered.at);
  const released = trigger?.event === 'operation' && trigger.operation.op === 'release' ? trigger.operation : null;
  const replies = history.filter((event) => event.event === 'origin' && event.at === answered.at);
  return {
    sameCamera: answered.frame.camera === asked.camera,
    sameTier: answered.frame.tier === program.world.templates[asked.template]!.tier,
    authorised: lastWord?.event !== 'origin' ? 'not asked' : lastWord.status === 'ok' ? 'allowed' : 'refused',
    fetched: mine.some((event) => event.event === 'origin' && event.contact === 'fetch' && event.status === 'ok'),
    joined:
      released !== null &&
      !mine.some((event) => event.event === 'origin' && event.contact === 'fetch') &&
      replies.some((event) => event.event === 'origin' && event.call !== call),
    afterFailure:
      mine.some((event) => event.event === 'origin' && (event.status === 'error' || event.status === 'dropped')) ||
      (released !== null && released.outcome !== 'reply'),
    lateFill: isLate(history, answered.frame.copy),
    made: isMade(history, answered),
    changedSince: isChangedSince(history, answered),
    broken: bringer === null ? null : brokenRule(program.world, bringer, asked),
    operations: new Set(program.operations.map((letter) => letter.op)),
  };
}

/** The frame that a call received or was told about; where there is none, one of nothing, which nobody else received. */
function answerOf(mine: History, asked: HistoryEvent & { readonly event: 'asked' }): Answered {
  const answered = mine.find((event) => event.event === 'answered');
  if (answered?.event === 'answered') return answered;
  const { at, ms, call, camera } = asked;
  const described = mine.find((event) => event.event === 'described');
  const frame = described?.event === 'described' ? described.frame : null;
  return { event: 'answered', at: described?.at ?? at, ms, call, fallback: false, frame: frame ?? { camera, epoch: 0, owner: 0, sequence: 0, tier: 'high', copy: -1 } };
}

/** The call for which the headers were made that reached another one. */
function makerOf(history: History, mine: History, found: Found): (HistoryEvent & { readonly event: 'asked' }) | null {
  const header = mine.findLast((event) => event.event === 'header');
  if (found.property !== 'KH007' || header?.event !== 'header') return null;
  const first = history.find((event) => event.event === 'header' && event.party === header.party);
  const maker = first?.event === 'header' && first.call !== header.call ? first.call : -1;
  return history.find((event): event is HistoryEvent & { readonly event: 'asked' } => event.event === 'asked' && event.call === maker) ?? null;
}

type Answered = HistoryEvent & { readonly event: 'answered' };

function isMade(history: History, answered: Answered): boolean {
  const { copy, tier } = answered.frame;
  const earlier = history.slice(0, history.indexOf(answered)).filter((event) => event.event === 'answered' && event.frame.copy === copy);
  return earlier.length > 0 && earlier.every((event) => event.event === 'answered' && event.frame.tier !== tier);
}

function isChangedSince(history: History, answered: Answered): boolean {
  const first = history.find((event) => event.event === 'answered' && event.frame.copy === answered.frame.copy)!;
  return history.some((event) => isChange(event) && event.at > first.at && event.at < answered.at);
}

const CHANGES: ReadonlySet<string> = new Set(['unshare', 'unpublish', 'transfer', 'recreate', 'unlink', 'disable', 'purge', 'restart']);

/** Whether the call that first received this copy had asked the origin before a change that lies before its answer. */
function isLate(history: History, copy: number): boolean {
  const first = history.find((event) => event.event === 'answered' && event.frame.copy === copy);
  if (first?.event !== 'answered') return false;
  const contact = history.find((event) => event.event === 'contact' && event.call === first.call && event.contact === 'fetch');
  if (contact === undefined) return false;
  return history.some((event) => isChange(event) && event.at > contact.at && event.at < first.at);
}

function isChange(event: HistoryEvent): boolean {
  return event.event === 'operation' && CHANGES.has(event.operation.op);
}

interface Conditions {
  /** Circumstances, as the beginning of a sentence. */
  readonly when: readonly string[];
  readonly matters: readonly string[];
  readonly indifferent: readonly string[];
  /** The ids themselves make keys equal. */
  readonly ids: boolean;
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

async function conditionsOf(program: Program, capabilities: Capabilities, leaks: (changed: Program) => Promise<boolean>): Promise<Conditions> {
  const when: string[] = [];
  const matters: string[] = [];
  const indifferent: string[] = [];
  const { world, operations } = program;
  if (operations.some((letter) => letter.op === 'reconfigure')) when.push('after the cache was reconfigured');
  if (operations.some((letter) => letter.op === 'restart')) when.push('after a restart');
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
  const ids = await idsMatter(program, leaks);
  if (ids) matters.push(`the ids ${[...world.users, ...world.cameras.map((camera) => camera.id)].map((id) => JSON.stringify(id)).join(', ')}`);
  else indifferent.push('any two users and cameras');
  const roomier = { world: { ...world, capacity: world.capacity + 64 }, operations };
  if (await leaks(roomier)) indifferent.push('any capacity');
  else {
    when.push('once entries are evicted');
    matters.push(`a capacity of ${world.capacity}`);
  }
  return { when, matters, indifferent, ids };
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
  return program.world.templates.reduce((changed, template, place) => withTemplate(changed, place, { ...template, [attribute]: value }), program);
}

async function idsMatter({ world, operations }: Program, leaks: (changed: Program) => Promise<boolean>): Promise<boolean> {
  const users = world.users.map((_, index) => PLAIN_IDS.users[index]!);
  const cameras = world.cameras.map((camera, index) => ({ ...camera, id: PLAIN_IDS.cameras[index]! }));
  return !(await leaks({ world: { ...world, users, cameras }, operations }));
}

interface Decided {
  readonly decision: Decision;
  readonly clause: string;
}

const RULES: Readonly<Record<Exclude<BrokenRule, null>, Decided>> = {
  uri: { decision: 'key', clause: 'the entry is keyed without a part of the URL, so that two different URLs share one answer' },
  storing: { decision: 'admit', clause: 'an answer is stored that its Cache-Control, its Vary or the credentials of its request keep out of shared caches' },
  vary: { decision: 'key', clause: 'the entry is served to a request that differs in a header named by its Vary' },
};

/** What goes wrong where it is not a frame that reaches somebody. */
function beyondFrames(found: Found, evidence: Evidence): Decided | null {
  switch (found.property) {
    case 'KH006':
      return { decision: 'buffer', clause: 'parts of different pictures are put into one answer' };
    case 'KH007':
      return evidence.broken !== null
        ? RULES[evidence.broken]
        : { decision: 'admit', clause: 'headers and cookies that the origin made for one session are stored with the answer, and given to others with it' };
    case 'KH008':
      return evidence.broken !== null
        ? RULES[evidence.broken]
        : { decision: 'serve', clause: 'a condition, or a HEAD, is answered from what is stored, without asking whether this caller may know of it' };
    case 'KH009':
      return { decision: 'invalidate', clause: 'a purge leaves a copy of what it should remove, under another key, in another variant or at another level' };
    case 'KH010':
      return { decision: 'invalidate', clause: 'what a camera saw before it was deleted stays in the cache, and is served on' };
    default:
      return null;
  }
}

function decide(found: Found, evidence: Evidence, conditions: Conditions): Decided {
  if (conditions.ids)
    return { decision: 'key', clause: 'different users or cameras get the same key, because their ids are joined or cut so that they become equal' };
  if (evidence.afterFailure && !evidence.lateFill)
    return {
      decision: 'fallback',
      clause: 'when the origin fails, what is kept for somebody else is served in its place, without asking whether this caller may have it',
    };
  if (evidence.joined) return joined(evidence);
  if (evidence.broken !== null) return RULES[evidence.broken];
  if (evidence.made && evidence.authorised === 'not asked')
    return { decision: 'fallback', clause: 'a rendition is made of a picture that is kept for somebody else, without asking whether this caller may see it' };
  if (!evidence.sameCamera) return { decision: 'key', clause: 'the entry is keyed without the camera, so that one camera answers for another' };
  if (found.property === 'KH004') return { decision: 'key', clause: 'the entry is keyed without the tier, so that one rendition answers for another' };
  if (evidence.lateFill) return { decision: 'admit', clause: 'what was fetched before rights changed is stored after the change, as if it were still true' };
  if (evidence.authorised === 'refused') return { decision: 'serve', clause: 'a stored frame is served although the origin refused this caller' };
  return served(found, evidence);
}

function joined(evidence: Evidence): Decided {
  if (!evidence.sameCamera)
    return { decision: 'join', clause: 'requests for different cameras share one fetch that is under way, so that one receives the frame of the other' };
  return {
    decision: 'join',
    clause: 'a caller who joins a fetch that is under way for somebody else receives its result although nobody asked whether this caller may have it',
  };
}

function served(found: Found, evidence: Evidence): Decided {
  if (!evidence.changedSince) return unasked(evidence);
  const { operations } = evidence;
  if (found.property === 'KH005')
    return { decision: 'invalidate', clause: 'what was stored for a channel is still served after the channel was switched off, without asking the origin' };
  // Nothing that could be left out stands in a shrunk program: where time has to pass, the end of the lifetime is what was missed.
  if (found.property === 'KH002' && operations.has('advance'))
    return { decision: 'serve', clause: 'a stored frame is served beyond the lifetime that the origin gave it, to a user whose right was withdrawn' };
  if (operations.has('transfer') || operations.has('recreate'))
    return {
      decision: 'invalidate',
      clause:
        'what a camera saw before it changed hands stays in the cache, under a key that does not name the ownership, and is served to those who may see it now',
    };
  if (found.property === 'KH002')
    return {
      decision: 'invalidate',
      clause: 'withdrawing a right does not remove what was stored under it, and a hit is served without asking whether the caller still may see the camera',
    };
  return unasked(evidence);
}

function unasked(evidence: Evidence): Decided {
  if (evidence.authorised === 'allowed' || evidence.fetched)
    return { decision: 'unknown', clause: 'a frame that the caller may not see is served although the origin was asked about the caller' };
  return {
    decision: 'serve',
    clause:
      'a hit is served without asking whether this caller may see the camera: rights are checked on a miss only, and the key of the entry does not name the caller',
  };
}
