import { z } from 'zod';
import type { Operation } from '../../models/domain/operation.ts';
import type { Program } from '../../models/domain/program.ts';
import type { World } from '../../models/domain/world.ts';
import { agreed } from './agreed.ts';

/** Lists and texts in a file are bounded, so that a hostile one cannot cost more than an honest one. */
export const LONGEST_LIST = 10_000;
export const LONGEST_TEXT = 10_000;

// A world's table of requests has users x cameras x templates entries, so these bounds are tighter than those of lists.
const MOST_USERS = 32;
const MOST_CAMERAS = 32;
const MOST_TEMPLATES = 32;
const LONGEST_ID = 256;
/** A cache that is told its capacity may reserve room for it at once. */
const LARGEST_CAPACITY = 100_000;
/** Three years, in ms: 10,000 such steps still are exact in a double. */
const LONGEST_MS = 100_000_000_000;

// A lone surrogate cannot be percent-encoded, and so cannot be part of a request.
const id = z
  .string()
  .min(1)
  .max(LONGEST_ID)
  .regex(/^\P{Surrogate}*$/u, 'is not well-formed Unicode');
/** Visible ASCII, space and tab: what RFC 9110 section 5.5 lets a field value hold, without obs-text. */
const fieldValue = z
  .string()
  .max(LONGEST_ID)
  .regex(/^[\t\x20-\x7e]*$/, 'holds what no header can hold');

export const index: z.ZodType<number, number> = z.int().min(0).max(LONGEST_LIST);
const channel = z.enum(['app', 'hub']);
export const tier: z.ZodEnum<{ high: 'high'; low: 'low' }> = z.enum(['high', 'low']);

const template = z.strictObject({
  channel,
  tier,
  credential: z.enum(['bearer', 'cookie', 'query', 'header', 'none']),
  spelling: z.enum(['path', 'query']),
  method: z.enum(['GET', 'HEAD', 'POST']).optional(),
  condition: z.enum(['own', 'any']).optional(),
  range: z.literal(true).optional(),
  policy: index,
});

const world: z.ZodType<World> = agreed<World>()(
  z.strictObject({
    users: z.array(id).min(1).max(MOST_USERS),
    cameras: z
      .array(z.strictObject({ id, owner: index }))
      .min(1)
      .max(MOST_CAMERAS),
    templates: z.array(template).min(1).max(MOST_TEMPLATES),
    policies: z
      .array(z.strictObject({ cacheControl: fieldValue, vary: fieldValue, validator: z.literal(true).optional(), session: z.literal(true).optional() }))
      .min(1)
      .max(MOST_TEMPLATES),
    capacity: z.int().min(1).max(LARGEST_CAPACITY),
    lifetimeMs: z.int().min(0).max(LONGEST_MS),
    together: z.literal(true).optional(),
  }),
);

const camera = { camera: index };
const asked = { user: z.int().min(-1).max(LONGEST_LIST), ...camera, template: index };

export const operationSchema: z.ZodType<Operation> = agreed<Operation>()(
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal(['request', 'begin', 'cancel']), ...asked }),
    z.strictObject({ op: z.literal('release'), ...asked, outcome: z.enum(['reply', 'refuse', 'error', 'drop']) }),
    z.strictObject({ op: z.literal(['capture', 'recreate', 'purge', 'publish', 'unpublish']), ...camera }),
    z.strictObject({ op: z.literal(['share', 'unshare', 'transfer']), user: index, ...camera }),
    z.strictObject({ op: z.literal(['link', 'unlink']), user: index, channel }),
    z.strictObject({ op: z.literal(['disable', 'enable']), channel }),
    z.strictObject({ op: z.literal('advance'), by: z.int().min(0).max(LONGEST_MS) }),
    z.strictObject({ op: z.literal('restart') }),
    z.strictObject({ op: z.literal('reconfigure'), to: z.int().min(0).max(1000) }),
  ]),
);

export const programSchema: z.ZodType<Program> = agreed<Program>()(z.strictObject({ world, operations: z.array(operationSchema).max(LONGEST_LIST) }));
