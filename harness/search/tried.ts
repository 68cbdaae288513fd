/** What trying the program in other ways has shown. */
export interface Tried {
  /** The ids themselves make keys equal. */
  readonly ids: boolean;
  /** How ids are confused, as a clause; null where they are not, or nobody knows how. */
  readonly confusion: string | null;
  /** Nothing leaks when each request is answered before the next one comes. */
  readonly overlap: boolean;
  /** Nothing has to be kept: it is enough that the other one asked for something else before. */
  readonly mistaken: boolean;
  /** The cache is told when a right is withdrawn: lifetimes have no part in it. */
  readonly told: boolean;
  /** What the cache is told takes effect, but not at once: nothing leaks when a moment passes before the last request. */
  readonly deferred: boolean;
  /** What is stored goes out before the origin has said a word about the caller. */
  readonly atOnce: boolean;
  /** Nothing leaks when there is more room. */
  readonly crowded: boolean;
  /** What has to be evicted is evicted as well by what others ask for, or this caller: nobody is given the room of somebody else. */
  readonly moved: boolean;
  /** Nothing leaks when the origin does not fail. */
  readonly failure: boolean;
  /** Nothing leaks when what was asked for before a change comes before it too. */
  readonly late: boolean;
  /** It is enough that whoever brought the copy in asks, and then whoever is given it. */
  readonly alone: boolean;
  /** Whoever brought the copy in may as well bring in one of another camera: that one is given out then. Null where that could not be tried. */
  readonly slotted: boolean | null;
}
