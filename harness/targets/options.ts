import { HTTP_EDGE, IN_PROCESS } from './capabilities.ts';
import { HOOKS } from './function-probe.ts';

/** What an option has to be: in words, and whether a value is that. */
type Sort = readonly [words: string, isOne: (value: unknown) => boolean];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isListOf =
  (known: readonly string[] | null) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every((member) => typeof member === 'string' && (known?.includes(member) ?? true));
const oneOf = (known: readonly string[]): Sort => [inWords(known), (value) => known.includes(value as string)];
const listOf = (known: readonly string[]): Sort => [`a list of any of ${known.map((word) => JSON.stringify(word)).join(', ')}`, isListOf(known)];

const NAME: Sort = ['a text that is not empty', isText];
const TEXT: Sort = ['a text', (value) => typeof value === 'string'];
const FUNCTION: Sort = ['a function', (value) => typeof value === 'function'];
const COUNT: Sort = ['a whole number from 1', (value) => Number.isInteger(value) && (value as number) > 0];
const FLAG: Sort = ['true or false', (value) => typeof value === 'boolean'];
const AMOUNT: Sort = ['a number from 0', (value) => typeof value === 'number' && value >= 0];
const CAPABILITIES: Sort = [
  `an object with any of ${Object.keys(IN_PROCESS).join(', ')}`,
  (value) => isObject(value) && Object.keys(value).every(isCapability),
];
const COMMAND: Sort = ['a list with a command and its arguments', isListOf(null)];

/** What every kind of target may be given. */
const COMMON: Readonly<Record<string, Sort>> = {
  title: TEXT,
  capabilities: CAPABILITIES,
  runs: COUNT,
  frames: oneOf(['picture', 'text']),
};
const IN_THIS_PROCESS: Readonly<Record<string, Sort>> = { ...COMMON, evidence: TEXT, hooks: listOf(HOOKS) };

interface Shape {
  readonly required: Readonly<Record<string, Sort>>;
  readonly optional: Readonly<Record<string, Sort>>;
}

type Maker = 'functionTarget' | 'clientTarget' | 'appTarget' | 'proxyTarget' | 'proxyTarget, evidence';

const SHAPES: Readonly<Record<Maker, Shape>> = {
  functionTarget: { required: { name: NAME, open: FUNCTION }, optional: IN_THIS_PROCESS },
  clientTarget: { required: { name: NAME, open: FUNCTION }, optional: IN_THIS_PROCESS },
  appTarget: { required: { name: NAME, build: FUNCTION }, optional: { ...IN_THIS_PROCESS, request: FUNCTION, answer: FUNCTION } },
  proxyTarget: {
    required: {
      name: NAME,
      start: ['a function that starts the server, { host, port, originPort } where one listens already, or null', isStart],
      evidence: ['an object with the name of the server, such as { server: "nginx" }', isObject],
    },
    optional: {
      ...COMMON,
      install: TEXT,
      time: oneOf(['libfaketime', 'none']),
      credentials: listOf(HTTP_EDGE.credentials),
      spellings: listOf(HTTP_EDGE.spellings),
      busyAfterwards: FLAG,
      pollsEveryMs: AMOUNT,
      request: FUNCTION,
    },
  },
  'proxyTarget, evidence': { required: { server: NAME }, optional: { version: COMMAND, detail: TEXT } },
};

/** Throws a TypeError that names the option which is missing, unknown or of the wrong sort. What is `undefined` counts as absent. */
export function checkOptions(maker: Maker, options: unknown): void {
  if (!isObject(options)) throw new TypeError(`${maker} takes one object with its options.`);
  const { required, optional } = SHAPES[maker];
  const sorts = new Map(Object.entries({ ...required, ...optional }));
  const where = isText(options['name']) ? `${String(options['name'])}: ` : '';
  for (const [name, value] of Object.entries(options)) {
    const sort = sorts.get(name);
    if (sort === undefined) throw new TypeError(`${where}${maker} has no option "${name}". It has ${[...sorts.keys()].join(', ')}.`);
    if (value !== undefined && !sort[1](value)) throw new TypeError(`${where}the option "${name}" of ${maker} has to be ${sort[0]}.`);
  }
  for (const [name, sort] of Object.entries(required))
    if (options[name] === undefined) throw new TypeError(`${where}${maker} needs the option "${name}": ${sort[0]}.`);
}

function isCapability(name: string): boolean {
  return Object.hasOwn(IN_PROCESS, name);
}

function isStart(value: unknown): boolean {
  return (
    value === null || typeof value === 'function' || (isObject(value) && isText(value['host']) && [value['port'], value['originPort']].every(Number.isInteger))
  );
}

function inWords(known: readonly string[]): string {
  return known.map((word) => JSON.stringify(word)).join(' or ');
}
