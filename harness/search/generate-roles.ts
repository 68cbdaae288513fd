import { OUTCOMES } from './alphabet.ts';
import { kindCode } from './generate-layout.ts';

export const REQUEST: number = kindCode('request');
export const CAPTURE: number = kindCode('capture');
export const ADVANCE: number = kindCode('advance');
export const SHARE: number = kindCode('share');
export const UNSHARE: number = kindCode('unshare');
export const PUBLISH: number = kindCode('publish');
export const UNPUBLISH: number = kindCode('unpublish');
export const TRANSFER: number = kindCode('transfer');
export const RECREATE: number = kindCode('recreate');
export const LINK: number = kindCode('link');
export const UNLINK: number = kindCode('unlink');
export const DISABLE: number = kindCode('disable');
export const ENABLE: number = kindCode('enable');
export const PURGE: number = kindCode('purge');
export const RESTART: number = kindCode('restart');
export const RECONFIGURE: number = kindCode('reconfigure');
export const BEGIN: number = kindCode('begin');
export const RELEASE: number = kindCode('release');
export const CANCEL: number = kindCode('cancel');

export const REPLY: number = OUTCOMES.indexOf('reply');
const REFUSE = OUTCOMES.indexOf('refuse');
const ERROR = OUTCOMES.indexOf('error');
const DROP = OUTCOMES.indexOf('drop');
/** How a held contact mostly ends. */
export const LANDINGS: Uint8Array = Uint8Array.from([REPLY, REPLY, REPLY, REPLY, REPLY, REFUSE, ERROR, DROP]);
export const FAILURES: Uint8Array = Uint8Array.from([ERROR, ERROR, ERROR, ERROR, DROP, DROP, DROP, REFUSE]);

/** Places in the block of advances: past the end of a lifetime, a little, half of it, just to its end. */
const PAST = 0;
export const LITTLE = 1;
export const HALF = 2;
export const ADVANCES: Uint8Array = Uint8Array.from([PAST, PAST, PAST, 1, HALF, HALF, 3, 3]);
/** How time mostly passes where something is fetched anew: before its end, at it, or after. */
export const AGEINGS: Uint8Array = Uint8Array.from([HALF, HALF, HALF, PAST, PAST, 3, 3, 1]);
/** Past the end of what the story's way of asking brings, where a place in the block of advances would stand: a little, if that may not be kept at all. */
export const PAST_OWN = 9;
/** How time mostly passes where something comes to its end. */
export const ENDINGS: Uint8Array = Uint8Array.from([PAST_OWN, PAST_OWN, PAST_OWN, PAST, 3, 3, HALF, 1]);
/** Steps of time that fit several times into a lifetime, or nearly. */
export const PAUSES: Uint8Array = Uint8Array.from([HALF, HALF, 1, 3]);

/** How somebody comes to see a camera. */
export const OWNS = 0;
export const SHARED = 1;
export const PUBLIC = 2;

/** Ways to fill, as bounds among 16 numbers: by another template first, by the owner first, held back, and plainly. */
export const ANOTHER_FIRST = 4;
export const OWNER_FIRST = 5;
export const HELD = 6;

/** How many cameras and how many templates a story can tell apart. */
export const ROLES = 7;

/** No story is longer. */
export const LONGEST = 128;

/** Who stands in a story: the owner of the camera in this place, or one of two who own nothing in it. */
export const GUEST = 8;
export const THIRD = 9;
/** The channel of the story's way of asking, where one of eight numbers would stand. */
export const CHANNEL = 8;
/** The camera that a story is about, and the way of asking; others are counted from these. */
export const THE_CAMERA = 0;
export const THE_TEMPLATE = 0;
/** A way of asking through a channel that can be switched off, where there is one. */
export const SWITCHABLE = 7;
/** The same way of asking in the plain terms of HTTP, where there is one: what is kept is mostly the answer to that. */
export const PLAINLY = 6;
