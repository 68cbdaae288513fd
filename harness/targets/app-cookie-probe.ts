import type { IncomingHttpHeaders } from 'node:http';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type Template, type World } from '../../models/domain/world.ts';
import { playAsync } from '../run/run-async.ts';
import { compile } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { cookiesIn, cookiesOfSessions } from './app-cookies.ts';
import type { Capabilities } from './capabilities.ts';
import type { AsyncSession, OpenOptions } from './target.ts';

type Open = (stage: Stage, opening: OpenOptions) => Promise<AsyncSession & { readonly lastHeaders: IncomingHttpHeaders | null }>;

/** One owns the camera, and each of the others asks for it in an app of his own. */
const USERS = ['ann', 'ben', 'cid', 'dot'];
const ASKING = [1, 2, 3];

/**
 * The names of the cookies that an app makes for each session: several callers are given the same picture, each by an app that has just been built, and
 * what differs in all of their answers is theirs alone. Apps that cannot be asked make none.
 */
export async function probeCookies(open: Open, capabilities: Capabilities): Promise<ReadonlySet<string>> {
  const { credentials, publish } = capabilities;
  const known = credentials.find((credential) => credential !== 'none');
  const names = new Set<string>();
  const kinds: Template[] = known === undefined ? [] : [{ ...PLAIN_TEMPLATE, credential: known }];
  if (publish && credentials.includes('none')) kinds.push({ ...PLAIN_TEMPLATE, credential: 'none' });
  for (const template of kinds) for (const name of cookiesOfSessions(await answersTo(template, open, capabilities))) names.add(name);
  return names;
}

/** The headers of the answers, or nothing as soon as one has no cookie. */
async function answersTo(template: Template, open: Open, capabilities: Capabilities): Promise<readonly IncomingHttpHeaders[]> {
  const world: World = { ...PLAIN_WORLD, users: USERS, cameras: [{ id: 'door', owner: 0 }], templates: [template] };
  const answers: IncomingHttpHeaders[] = [];
  for (const user of ASKING) {
    // For a visitor as well: what is drawn at random follows from the program.
    const allowed: Operation[] = [operation({ op: 'share', camera: 0, user })];
    const isVisitor = template.credential === 'none';
    if (isVisitor) allowed.push(operation({ op: 'publish', camera: 0 }));
    const asked = operation({ op: 'request', user: isVisitor ? ANONYMOUS : user, camera: 0, template: 0 });
    const headers = await answerTo([...allowed, asked], world, open, capabilities);
    if (headers === null || cookiesIn(headers).length === 0) return [];
    answers.push(headers);
  }
  return answers;
}

async function answerTo(operations: readonly Operation[], world: World, open: Open, { told, lifetimes }: Capabilities): Promise<IncomingHttpHeaders | null> {
  const stage = new Stage(world, { terms: { told }, lifetimes, properties: [], record: false });
  const steps = compile(stage, operations);
  const session = await open(stage, { tripwire: false, steps, length: steps.length });
  try {
    await playAsync(stage, session, steps);
  } finally {
    await session.close();
  }
  return session.lastHeaders;
}
