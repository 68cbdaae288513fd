import type { Frame } from '../../models/domain/frame.ts';
import type { Request } from '../../models/domain/request.ts';
import { keyOf } from '../../models/keys.ts';
import { concerns, perViewer } from '../../models/lru.ts';
import type { Call, Contact, Notice, Origin, Reply, Session, Sink } from '../../models/origin.ts';
import type { Policy } from '../../models/policy.ts';
import { modelTarget } from '../targets/model.ts';
import { lookasideTarget } from '../targets/reference.ts';
import type { Target } from '../targets/target.ts';

/** A leak that the search is measured by, and the shape that counts as found. */
export interface Bug {
  readonly target: Target;
  readonly shape: string;
}

/** B4 has this much room, whatever the world says: nine different fills are needed before anything leaks. */
const SLOTS = 8;

/** The five classes that tools for stateful testing were compared on: two operations to ten. */
export const BUGS: readonly Bug[] = [
  {
    target: planted('b1-low-tier-without-the-camera', { key: (request) => (request.tier === 'low' ? 'low' : perViewer.key(request)) }),
    shape: 'KH001/stranger',
  },
  {
    target: planted('b2-joined-by-a-colon', { key: ({ user, camera, tier, channel }) => `${user}:${camera}:${tier}:${channel}` }),
    shape: 'KH001/stranger',
  },
  {
    target: planted('b3-rights-checked-on-a-miss', { invalidate: (notice, entry) => notice.kind !== 'unshare' && perViewer.invalidate(notice, entry) }),
    shape: 'KH002/unshared',
  },
  {
    target: modelTarget({
      name: 'b4-evicted-key-finds-the-next-entry',
      title: 'Eviction leaves the evicted key in the index, where it finds what took its place',
      capabilities: { capacity: SLOTS },
      make: (origin, sink) => new SlotCache(origin, sink),
    }),
    shape: 'KH001/stranger',
  },
  { target: planted('b5-joined-by-the-tier', { join: (request) => request.tier }), shape: 'KH001/stranger' },
];

function planted(name: string, fault: Partial<Policy>): Target {
  return lookasideTarget({ name, title: name.replaceAll('-', ' ') }, [{ ...perViewer, ...fault }]);
}

interface Slot {
  readonly frame: Frame;
  readonly untilMs: number;
  readonly request: Request;
}

interface Fill {
  readonly call: Call;
  overtaken: boolean;
}

/** A cache for each viewer in slots that are used again in turn. */
class SlotCache implements Session {
  private readonly origin: Origin;
  private readonly sink: Sink;
  private readonly slots: (Slot | undefined)[] = [];
  private readonly index = new Map<string, number>();
  private readonly fills = new Set<Fill>();
  private hand = 0;

  constructor(origin: Origin, sink: Sink) {
    this.origin = origin;
    this.sink = sink;
  }

  ask(call: Call): void {
    const place = this.index.get(slotKey(call.request));
    const slot = place === undefined ? undefined : this.slots[place];
    if (slot !== undefined && this.origin.now() < slot.untilMs) {
      this.sink.answered(call, slot.frame, false);
      return;
    }
    const fill: Fill = { call, overtaken: false };
    call.slot = fill;
    this.fills.add(fill);
    this.origin.fetch(call, call.request.tier, this);
  }

  cancel(): void {}

  resume(call: Call, _contact: Contact, reply: Reply): void {
    const fill = call.slot as Fill;
    const isLost = !this.fills.delete(fill);
    if (isLost || reply.frame === null) {
      this.sink.refused(call, isLost ? 'dropped' : reply.status);
      return;
    }
    if (!fill.overtaken) this.keep(call.request, reply, reply.frame);
    this.sink.answered(call, reply.frame, false);
  }

  tell(notice: Notice): void {
    if (notice.kind === 'restart') {
      this.close();
      return;
    }
    for (const [place, slot] of this.slots.entries()) if (slot !== undefined && falls(notice, slot.request)) this.slots[place] = undefined;
    for (const fill of this.fills) if (falls(notice, fill.call.request)) fill.overtaken = true;
  }

  close(): void {
    this.slots.length = 0;
    this.index.clear();
    this.hand = 0;
    for (const { call } of this.fills) this.sink.refused(call, 'dropped');
    this.fills.clear();
  }

  /** The fault: the key of what was in the slot stays in the index. */
  private keep(request: Request, reply: Reply, frame: Frame): void {
    this.slots[this.hand] = { frame, untilMs: this.origin.now() + reply.lifetimeMs, request };
    this.index.set(slotKey(request), this.hand);
    this.hand = (this.hand + 1) % SLOTS;
  }
}

function slotKey({ user, camera, tier, channel }: Request): string {
  return keyOf(user, camera, tier, channel);
}

function falls(notice: Notice, request: Request): boolean {
  return concerns(notice, { request } as Parameters<typeof concerns>[1]);
}
