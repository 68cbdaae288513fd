import { type Asked, type Operation, operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import { ANONYMOUS, type Credential, type ResponsePolicy, type Template, type World } from '../../models/domain/world.ts';
import type { Capabilities } from '../targets/capabilities.ts';
import { ATTRIBUTE_VALUES, policyPlaces, SOUND } from './order.ts';
import { withTemplate } from './rewrite.ts';
import { type Proposals, without } from './shrink-pass.ts';
import { isSound, soundHalves } from './soundness.ts';

/** Operations up to which it is worth letting somebody else ask. */
const SHORT = 10;

/** Whether a template may go by a policy of the world that it is in: under every rule but that of HTTP, by any. */
export function isAllowed({ credential, policy }: Template, { policies }: World, { lifetimes }: Capabilities): boolean {
  return lifetimes === 'granted' || isSound(credential, policies[policy]!);
}

/** Has the origin say what is plainest of all that is sound, and nothing beside it: to all who go by a policy, then to one of them. */
export function* plainPolicies({ world, operations }: Program, { lifetimes }: Capabilities): Proposals {
  for (const [place, template] of world.templates.entries()) {
    const fellows = world.templates.filter(({ policy }) => policy === template.policy);
    const plainer = lifetimes === 'granted' ? quieterPolicies(world.policies[template.policy]!) : plainerPolicies(world, template);
    for (const policy of plainer) {
      if (lifetimes === 'granted' || fellows.every(({ credential }) => isSound(credential, policy)))
        yield { world: { ...world, policies: world.policies.with(template.policy, policy) }, operations };
      if (fellows.length > 1)
        yield withTemplate({ world: { ...world, policies: [...world.policies, policy] }, operations }, place, { ...template, policy: world.policies.length });
    }
  }
}

/** Has the origin say the same to all, where there is something that is sound for each of them. */
export function* onePolicy({ world, operations }: Program, { lifetimes }: Capabilities): Proposals {
  const { templates, policies } = world;
  if (lifetimes === 'granted' || policies.length === 1) return;
  const said: ResponsePolicy = {
    cacheControl: '',
    vary: '',
    ...(policies.some(({ validator }) => validator === true) && { validator: true as const }),
    ...(policies.some(({ session }) => session === true) && { session: true as const }),
  };
  for (const sound of SOUND[templates[0]!.credential]) {
    if (!templates.every(({ credential }) => isSound(credential, sound))) continue;
    yield { world: { ...world, policies: [{ ...said, ...sound }], templates: templates.map((template) => ({ ...template, policy: 0 })) }, operations };
  }
}

function* plainerPolicies(world: World, template: Template): Iterable<ResponsePolicy> {
  const [flags, place] = policyPlaces(world, template);
  const sound = SOUND[template.credential];
  for (let less = 0; less <= flags; less++) {
    // Nothing is added that was not there.
    if ((less & ~flags) !== 0) continue;
    // With less beside it, what it says itself may do as well.
    for (let earlier = 0; earlier < Math.min(less < flags ? place + 1 : place, sound.length); earlier++)
      yield { ...sound[earlier]!, ...((less & 1) > 0 && { validator: true as const }), ...((less & 2) > 0 && { session: true as const }) };
  }
}

/** The same without a validator, without a session, without both. */
function* quieterPolicies({ cacheControl, vary, validator, session }: ResponsePolicy): Iterable<ResponsePolicy> {
  if (validator === undefined && session === undefined) return;
  yield { cacheControl, vary };
  if (validator !== undefined && session !== undefined)
    yield* [
      { cacheControl, vary, validator },
      { cacheControl, vary, session },
    ];
}

/** Lets all who ask with one credential ask with a plainer one, under a policy that is sound for it: neither goes without the other. */
export function* plainCredentials(program: Program, { credentials, lifetimes }: Capabilities): Proposals {
  if (lifetimes === 'granted') return;
  const { templates, policies } = program.world;
  for (const used of new Set(templates.map(({ credential }) => credential))) {
    for (const plainer of ATTRIBUTE_VALUES.credential as readonly Credential[]) {
      if (plainer === used) break;
      if (plainer === 'none' || !credentials.includes(plainer)) continue;
      // What is sound for everybody need not change with the credential.
      for (const sound of soundHalves(plainer)[0]) {
        // Every template gets a policy of its own: those that nobody goes by are left out later, and equal ones merged.
        const own = templates.map(({ policy }) => ({ ...policies[policy]!, ...sound }));
        const roomier: Program = { ...program, world: { ...program.world, policies: [...policies, ...own] } };
        yield templates.reduce<Program>(
          (changed, template, place) =>
            template.credential === used ? withTemplate(changed, place, { ...template, credential: plainer, policy: policies.length + place }) : changed,
          roomier,
        );
      }
    }
  }
}

/** Lets an anonymous visitor ask in place of all who ask in one way, or of one of them, who may then be superfluous. */
export function* visitors(program: Program, { credentials, lifetimes }: Capabilities): Proposals {
  if (!credentials.includes('none')) return;
  const { world, operations } = program;
  for (const [place, template] of world.templates.entries()) {
    if (template.credential === 'none') continue;
    const used = world.policies[template.policy]!;
    const policy = lifetimes === 'granted' || isSound('none', used) ? used : { ...used, ...SOUND.none[0]! };
    const hidden: Template = { ...template, credential: 'none', policy: world.policies.length };
    const roomier: World = { ...world, policies: [...world.policies, policy] };
    yield withTemplate({ world: roomier, operations }, place, hidden);
    for (const user of world.users.keys()) {
      const byVisitor = operations.map((letter) => (isAsk(letter, user, place) ? asVisitor(letter, world.templates.length) : letter));
      yield { world: { ...roomier, templates: [...world.templates, hidden] }, operations: byVisitor };
    }
  }
}

/** Lets the owner ask in place of a visitor, and leaves out what only had to be there for the visitor. */
export function* owners({ world, operations }: Program, { credentials, lifetimes }: Capabilities): Proposals {
  const credential = credentials.find((other) => other !== 'none');
  if (credential === undefined || operations.length > SHORT) return;
  for (const [index, letter] of operations.entries()) {
    const { user, camera, template } = letter as Partial<Asked>;
    if (user !== ANONYMOUS || template === undefined) continue;
    const used = world.policies[world.templates[template]!.policy]!;
    const policy = lifetimes === 'granted' || isSound(credential, used) ? used : { ...used, ...SOUND[credential][0]! };
    const shown: Template = { ...world.templates[template]!, credential, policy: world.policies.length };
    const roomier: World = { ...world, templates: [...world.templates, shown], policies: [...world.policies, policy] };
    const asked = operation({ ...letter, user: world.cameras[camera!]!.owner, template: world.templates.length } as Operation);
    for (let left = operations.length - 1; left >= 0; left--)
      if (left !== index) yield { world: roomier, operations: without(operations.with(index, asked), left, 1) };
  }
}

function isAsk(letter: Operation, user: number, template: number): boolean {
  return 'template' in letter && letter.user === user && letter.template === template;
}

function asVisitor(letter: Operation, template: number): Operation {
  return operation({ ...letter, user: ANONYMOUS, template } as Operation);
}
