import type { IncomingHttpHeaders } from 'node:http';
import { operation, type Operation } from '../../models/domain/operation.ts';
import { ANONYMOUS, PLAIN_TEMPLATE, PLAIN_WORLD, type Template, type World } from '../../models/domain/world.ts';
import { compile } from '../run/run.ts';
import { Stage } from '../run/stage.ts';
import { cookiesOfSessions } from './app-cookies.ts';
import type { Capabilities } from './capabilities.ts';
import type { AsyncSession, OpenOptions } from './target.ts';

type Open = (stage: Stage, opening: OpenOptions) => Promise<AsyncSession & { readonly lastHeaders: IncomingHttpHeaders | null }>;

/** One owns the cameras, and each of the others asks for one. */
const USERS = ['ann', 'ben', 'cid', 'dot'];
const ASKING = [1, 2, 3];

/**
 * The names of the cookies that an app makes for each session: several callers are given the same picture, each by an app that has just been built, and
 * two are given different ones by the same app. What differs in all of these answers is theirs alone; what differs between apps only names an app. Apps
 * that cannot be asked make none.
 */
export async function probeCookies(open: Open, capabilities: Capabilities): Promise<ReadonlySet<string>> {
  const { credentials, publish } = capabilities;
  const known = credentials.find((credential) => credential !== 'none');
  const kinds: Template[] = known === undefined ? [] : [{ ...PLAIN_TEMPLATE, credential: known }];
  if (publish && credentials.includes('none')) kinds.push({ ...PLAIN_TEMPLATE, credential: 'none' });
  const names = new Set<string>();
  for (const template of kinds) {
    const asking = new Asking(template, open, capabilities);
    const apart: IncomingHttpHeaders[] = [];
    for (const user of ASKING) apart.push(...(await asking.answers([[user, 0]])));
    const together = cookiesOfSessions(
      await asking.answers([
        [1, 0],
        [2, 1],
      ]),
    );
    for (const name of cookiesOfSessions(apart)) if (together.has(name)) names.add(name);
  }
  return names;
}

/** Asks apps in one way. */
class Asking {
  private readonly template: Template;
  private readonly world: World;
  private readonly open: Open;
  private readonly capabilities: Capabilities;

  constructor(template: Template, open: Open, capabilities: Capabilities) {
    this.template = template;
    const cameras = PLAIN_WORLD.cameras.map(({ id }) => ({ id, owner: 0 }));
    this.world = { ...PLAIN_WORLD, users: USERS, cameras, templates: [template] };
    this.open = open;
    this.capabilities = capabilities;
  }

  /** The headers of the answers of one app to these users, who ask for these cameras; empty ones where there was no answer. */
  async answers(requests: readonly (readonly [user: number, camera: number])[]): Promise<readonly IncomingHttpHeaders[]> {
    const { told, lifetimes } = this.capabilities;
    const stage = new Stage(this.world, { terms: { told }, lifetimes, properties: [], record: false });
    const steps = compile(
      stage,
      requests.flatMap(([user, camera]) => this.lettersOf(user, camera)),
    );
    const session = await this.open(stage, { tripwire: false, steps, length: steps.length });
    const answers: IncomingHttpHeaders[] = [];
    try {
      for (const step of steps) {
        stage.play(step, session);
        await session.settle();
        if (step.operation.op === 'request') answers.push(session.lastHeaders ?? {});
      }
    } finally {
      await session.close();
    }
    return answers;
  }

  private lettersOf(user: number, camera: number): Operation[] {
    const isVisitor = this.template.credential === 'none';
    // Shared for a visitor as well: what is drawn at random follows from the program.
    const letters = [operation({ op: 'share', camera, user })];
    if (isVisitor) letters.push(operation({ op: 'publish', camera }));
    return [...letters, operation({ op: 'request', user: isVisitor ? ANONYMOUS : user, camera, template: 0 })];
  }
}
