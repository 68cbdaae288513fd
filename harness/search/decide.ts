import { decideFrame, joined } from './decide-frame.ts';
import { decideRetained } from './decide-retained.ts';
import { isMissedByRemoval, isMixedUp, isTorn } from './decide-signs.ts';
import { blame, BROKEN, type Decided } from './decisions.ts';
import type { Found } from './evaluate.ts';
import type { Evidence } from './evidence.ts';
import type { Tried } from './tried.ts';

/** Names the decision at fault. */
export function decide(found: Found, evidence: Evidence, tried: Tried): Decided {
  switch (found.property) {
    case 'KH006':
      return blame('buffer', 'torn');
    case 'KH007':
      return headers(evidence);
    case 'KH008':
      return condition(evidence);
    case 'KH009':
    case 'KH010':
      return decideRetained(found.property, evidence, tried);
    case 'KH011':
      return interference(found.kind);
    default:
      return isOfIds(evidence, tried) ? ids(evidence, tried) : decideFrame(found, evidence, tried);
  }
}

/** Ids are blamed where it is known what makes them equal, or where nothing else is: what is raced for, or mixed up, takes ids only to come about. */
function isOfIds(evidence: Evidence, tried: Tried): boolean {
  if (!tried.ids || isTorn(evidence)) return false;
  // What is equal only while another request comes in between is made equal by that: ids that have nothing in common but their length are then.
  if (tried.overlap && evidence.interleaved && !evidence.joined && !evidence.crossed) return false;
  const isRace = tried.overlap && (evidence.joined || evidence.crossed || evidence.interleaved || evidence.passedBy || tried.late);
  return !isMixedUp(evidence, tried) && (tried.confusion !== null || !isRace);
}

/** The ids themselves are the cause. */
function ids(evidence: Evidence, { confusion }: Tried): Decided {
  if (isMissedByRemoval(evidence)) return blame('invalidate', 'notFound');
  return confusion === null ? blame('key', 'ids') : { decision: 'key', clause: confusion };
}

/** A caller was told of what was not received. */
function condition({ crossed, broken }: Evidence): Decided {
  if (crossed) return blame('connection', 'crossed');
  return broken === null ? blame('serve', 'condition') : BROKEN[broken];
}

/** Headers or cookies reached another session. */
function headers(evidence: Evidence): Decided {
  if (evidence.crossed) return blame('connection', 'crossed');
  if (evidence.turnedAway) return blame('buffer', 'leftover');
  if (evidence.foreignFrame && evidence.askedAsAnother) return blame('serve', 'asAnother');
  // The whole answer went to somebody whom it was not for: its headers went with it.
  if (evidence.foreignFrame && evidence.joined) return joined(evidence);
  if (evidence.foreignFrame && evidence.broken !== null) return BROKEN[evidence.broken];
  if (evidence.together) return blame('headers', 'together');
  return evidence.validated ? blame('headers', 'validated') : blame('headers', 'stored');
}

/** Which decision it is, nobody can say who knows no more than that there is a difference. */
function interference(kind: string): Decided {
  if (kind === 'hit') return blame('unknown', 'hit');
  return kind === 'company' ? blame('unknown', 'company') : blame('unknown', 'answer');
}
