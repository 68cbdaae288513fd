import { ANONYMOUS } from '../../models/domain/world.ts';
import { propertyOf } from '../../properties/index.ts';
import type { Breach } from './breach.ts';
import { lookUp } from './look-up.ts';
import { channelName } from './operation-words.ts';
import { type CallMade, capital, type Scene } from './scene.ts';

/** A broken property in one sentence each: what came to pass, and what made it wrong. */
export interface BreachWords {
  /** Such as `bob received a frame of door, which belongs to alice.` */
  readonly headline: string;
  /** Such as `door was never shared with bob, who never owned it.` */
  readonly wrong: string;
  /** The words of the property do not fit here, so that what made it wrong stands for them. */
  readonly isPeculiar?: boolean;
}

interface Parts {
  readonly caller: string;
  readonly camera: string;
  readonly asked: string;
  readonly channel: string;
  /** `of door, which belongs to alice`: with the time, where the camera has changed hands since. */
  readonly whose: string;
  /** The camera has neither changed hands nor been set up anew since the frame was captured. */
  readonly isCurrent: boolean;
  /** Such as `it came to bob`, `bob set it up anew`: how the ownership began that the frame is from. */
  readonly beginning: string;
  readonly isAnew: boolean;
  /** The camera has been public, but not in the ownership that the frame is from. */
  readonly wasPublicElsewhere: boolean;
  /** It was set up anew, and never handed over. */
  readonly hasOneOwner: boolean;
}

type Phrase = (parts: Parts) => BreachWords;

/** By shape: property and kind. */
const PHRASES: Readonly<Record<string, Phrase>> = {
  'KH001/stranger': ({ caller, camera, whose }) => ({
    headline: `received a frame ${whose}.`,
    wrong: `${caller} never owned ${camera}, and it was never shared with ${caller}.`,
  }),
  'KH001/anonymous': (parts) => ({ headline: `received a frame ${parts.whose}.`, wrong: unpublished(parts), isPeculiar: parts.wasPublicElsewhere }),
  'KH002/unshared': ({ caller, camera, whose, isCurrent }) => ({
    headline: `received a frame ${whose}, after the right to it had been withdrawn.`,
    wrong: isCurrent
      ? `${camera} had been shared with ${caller}, but no longer was when ${caller} asked.`
      : `The share that covered this frame had ended before ${caller} asked.`,
  }),
  'KH002/unpublished': ({ caller, camera, whose, isCurrent }) => ({
    headline: `received a frame ${whose}, after the camera had ceased to be public.`,
    wrong: isCurrent
      ? `${camera} had been public, but no longer was when ${caller} asked.`
      : `The time in which this frame was public had ended before ${caller} asked.`,
  }),
  'KH003/successor': ({ caller, camera, whose, hasOneOwner }) => ({
    headline: `received a frame ${whose}.`,
    wrong: `${caller} may see ${camera} as it is now, but not what it saw before.`,
    isPeculiar: hasOneOwner,
  }),
  'KH003/former': ({ caller, camera, whose, beginning, isAnew }) => ({
    headline: `received a new frame ${whose}.`,
    wrong: `${caller} may see what ${camera} saw before ${isAnew ? beginning : 'it changed hands'}, but not what it sees now.`,
    isPeculiar: isAnew,
  }),
  'KH004/camera': ({ caller, camera, asked }) => ({
    headline: `asked for camera ${asked} and received a frame of ${camera}.`,
    wrong: `${caller} may see that frame, but did not ask for it, and was not told that it is another one.`,
  }),
  'KH004/tier': ({ caller, camera }) => ({
    headline: `received a frame of ${camera} in another tier than the one asked for.`,
    wrong: `${caller} may see that frame, but did not ask for this tier, and was not told that it is another one.`,
  }),
  'KH005/disabled': ({ caller, camera, channel }) => ({
    headline: `received a frame of ${camera} through ${channel}, which had been switched off.`,
    wrong: `${channel} had been switched off for everybody before ${caller} asked.`,
  }),
  'KH005/unlinked': ({ caller, camera, channel }) => ({
    headline: `received a frame of ${camera} through ${channel}, which ${caller} had unlinked.`,
    wrong: `${caller} had unlinked ${channel} before asking.`,
  }),
  'KH006/torn': ({ caller, camera }) => ({
    headline: `received an answer that holds more than one picture, or parts of them, one of ${camera}.`,
    wrong: `${caller} asked for one picture.`,
  }),
  'KH007/user': ({ caller }) => ({
    headline: "received headers, cookies or a token of another user's session.",
    wrong: `They had been made for somebody else: with such a cookie or token ${caller} is that other user.`,
  }),
  'KH007/visitor': ({ caller }) => ({
    headline: "received headers, cookies or a token of another visitor's session.",
    wrong: `They had been made for somebody else: ${caller} was given the session of a stranger.`,
  }),
  'KH008/validator': ({ caller, camera, whose }) => ({
    headline: `was told about a frame ${whose}, without receiving it.`,
    wrong: `No frame of ${camera} under this owner was ever open to ${caller}, and so neither is its validator.`,
  }),
  'KH008/unnamed': ({ caller, camera }) => ({
    headline: `was told that there is a picture of ${camera}.`,
    wrong: `No frame of ${camera} was ever open to ${caller}.`,
  }),
  'KH009/purged': ({ camera, whose }) => ({
    headline: `received a frame ${whose}, from before a purge.`,
    wrong: `The cache had been told to forget ${camera} after the origin gave this copy out, and before the call began.`,
  }),
  'KH011/answer': ({ caller }) => ({
    headline: 'received an answer that changes with pictures of others.',
    wrong: `Those pictures are not for ${caller}, who can learn something about them from this.`,
  }),
  'KH011/hit': ({ caller }) => ({
    headline: 'received something from the cache or from the origin, depending on pictures of others.',
    wrong: `Those pictures are not for ${caller}, who can learn something about them from how soon the answer comes.`,
  }),
  'KH011/company': ({ caller }) => ({
    headline: 'received something else than if nobody else had been there.',
    wrong: `The cache is said to keep its users apart, and ${caller} can learn something about what others do.`,
  }),
  'KH010/deleted': ({ caller, camera }) => ({
    headline: `received a frame of ${camera} that had been deleted.`,
    wrong: `${caller} had deleted the camera, and with it its pictures, before asking.`,
  }),
};

/** The breach in words. The scene stands at the step of the breach. */
export function breachWords(breach: Breach, call: CallMade, scene: Scene): BreachWords {
  const isVisitor = call.user === ANONYMOUS;
  const began = scene.beginning(breach.frame);
  const owner = scene.user(breach.frame.owner);
  const parts: Parts = {
    caller: isVisitor ? 'the visitor' : scene.user(call.user),
    camera: scene.camera(breach.frame.camera),
    asked: scene.camera(call.camera),
    channel: channelName(scene.template(call.template).channel),
    whose: scene.whose(breach.frame, call.user),
    isCurrent: scene.isCurrent(breach.frame),
    beginning: began?.isAnew === true ? `${owner} set it up anew` : `it came to ${owner}`,
    isAnew: began?.isAnew === true,
    wasPublicElsewhere: scene.wasPublicElsewhere(breach.frame),
    hasOneOwner: scene.hasOneOwner(breach.frame.camera),
  };
  const phrase = lookUp(PHRASES, `${breach.property}/${breach.kind}`);
  const words = phrase === undefined ? unknownKind(breach, parts) : phrase(parts);
  return { ...words, headline: `${isVisitor ? 'An anonymous visitor' : parts.caller} ${words.headline}`, wrong: capital(words.wrong) };
}

function unpublished({ camera, isCurrent, beginning, wasPublicElsewhere }: Parts): string {
  if (!wasPublicElsewhere) return `${camera} was never public.`;
  if (isCurrent) return `${camera} was public once, but has not been since ${beginning}.`;
  return `${camera} was public at another time, but not in the ownership that this frame is from.`;
}

/** What makes it wrong in the words of the property itself, for a kind that has no phrase here. */
function unknownKind(breach: Breach, { caller, whose }: Parts): BreachWords {
  const meaning = lookUp(propertyOf(breach.property)?.kinds ?? {}, breach.kind);
  return {
    headline: `received a frame ${whose}.`,
    wrong: meaning === undefined ? `This breaks ${breach.property}.` : `${caller} was ${meaning}.`,
  };
}
