import type { StageCall } from '../run/call.ts';
import type { Stage } from '../run/stage.ts';
import type { Found } from './frame-bytes-ledger.ts';

/** Bytes of a picture that is kept. Ours are smaller by far; what a target made of them need not be. */
const LARGEST = 96 * 1024;

/** Notes in the history what a caller saw, where there is a picture and a history. Call it right after the answer was reported. */
export function show(stage: Stage, call: StageCall, { picture }: Pick<Found, 'picture'>): void {
  if (picture === null || stage.history === null) return;
  // A cache may use its memory again before the history is written out.
  const file = new Uint8Array(picture());
  const type = typeOf(file);
  if (file.length > LARGEST || type === null) return;
  stage.shown(call, () => `data:image/${type};base64,${Buffer.from(file).toString('base64')}`);
}

/** The subtype of `image/` that a file begins like. */
function typeOf(file: Uint8Array): string | null {
  const beginning = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 16)).toString('latin1');
  if (beginning.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (beginning.startsWith('\x89PNG')) return 'png';
  if (beginning.startsWith('RIFF')) return 'webp';
  if (beginning.startsWith('GIF8')) return 'gif';
  return beginning.slice(4, 12) === 'ftypavif' ? 'avif' : null;
}
