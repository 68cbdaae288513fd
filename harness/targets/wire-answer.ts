import { DONE, type StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import { reportFrames } from './answer-frames.ts';
import type { FrameLedger } from './frame-bytes-ledger.ts';
import { described } from './function-answer.ts';
import { show } from './picture-show.ts';
import { TargetFault } from './target.ts';
import type { HeaderLedger, WireHeaders } from './wire-headers.ts';

/** A response as a client has read it to its end. */
export interface WireAnswer {
  readonly status: number;
  /** Header fields by their lower-case names. */
  readonly headers: WireHeaders;
  readonly body: Buffer;
  /** False where the connection broke before the end. */
  readonly isWhole?: boolean;
}

/** What the origin of a session gave out, and the way back to it. */
interface Ledgers {
  readonly ledger: FrameLedger;
  readonly headers: HeaderLedger;
}

/**
 * Reports to the stage what a caller received over HTTP. All of it is searched, whatever its status: a frame on the page of an error is a
 * frame, and headers may speak of a session beside any of them. Returns a {@link TargetFault} where the answer cannot be read; the call
 * is over all the same.
 */
export function reportAnswer(stage: Stage, { ledger, headers }: Ledgers, call: StageCall, answer: WireAnswer): TargetFault | null {
  if (call.state === DONE) return null;
  for (const party of headers.partiesIn(answer.headers)) stage.header(call, party);
  const found = ledger.find(answer.body);
  const { frames, stray } = found;
  let fault: TargetFault | null = null;
  if (frames.length === 0) fault = reportFrameless(stage, headers, call, answer);
  else reportFrames(stage, call, frames);
  show(stage, call, found);
  if (!found.isLegible) return illegible();
  return fault ?? (stray === null ? null : foreignSession());
}

/** An answer without a frame: a refusal, or one that tells about a picture by its headers alone. */
function reportFrameless(stage: Stage, headers: HeaderLedger, call: StageCall, answer: WireAnswer): TargetFault | null {
  const { status, body } = answer;
  const isGood = status >= 200 && status < 300;
  if (status === 304 || (isGood && call.request.method === 'HEAD')) {
    const { etag } = answer.headers;
    stage.described(call, headers.frameOf(typeof etag === 'string' ? etag : undefined));
    return null;
  }
  const isBroken = answer.isWhole === false;
  stage.refused(call, isBroken ? 'dropped' : status >= 500 ? 'error' : 'refused');
  return isGood && body.length > 0 && !isBroken ? unreadable(answer) : null;
}

function unreadable({ status, headers, body }: WireAnswer): TargetFault {
  const type = headers['content-type'];
  return new TargetFault(
    `an answer with status ${status}${typeof type === 'string' ? ` and type ${type.slice(0, 60)}` : ''} holds no frame of the origin: it is ${described({ body })}`,
    'Let the server pass on the bodies of the origin as they are. A page of its own needs a status of 400 or above.',
  );
}

function illegible(): TargetFault {
  return new TargetFault(
    'an answer holds a picture in which no mark can be read: what it shows is not known',
    'Pictures may be scaled to a quarter and compressed to quality 30. Where they are cropped or turned, let that be left out for the check.',
  );
}

function foreignSession(): TargetFault {
  return new TargetFault(
    'an answer holds a frame that was made for another program: the cache answers with what was stored under another URL',
    'Every program asks under a path of its own, so that nothing has to be reset in between. A cache whose key leaves out the path gives ' +
      'frames of one program to the next: put the path into the key.',
  );
}
