import type { StageCall } from '../run/call.ts';
import type { WireAnswer } from './wire-answer.ts';

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * The tripwire on the wire: everybody receives the first answer that anybody received, headers and all; who asks for a picture only if there
 * is another one (`If-None-Match`) is told that it is the one that the first received.
 */
export class Tripwire {
  private first: WireAnswer | null = null;

  /** What a caller receives in place of what came for him; `came` is null where nothing did. */
  instead({ request }: StageCall, came: WireAnswer | null): WireAnswer | null {
    if (came?.status === 200) this.first ??= came;
    if (this.first === null) return came;
    return 'if-none-match' in request.headers ? { status: 304, headers: this.first.headers, body: NOTHING, isWhole: true } : this.first;
  }
}
