import { SITUATION_MEANING, SITUATIONS } from '../../models/domain/situation.ts';
import { PROPERTIES } from '../../properties/index.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { bounded } from '../report/escape.ts';
import { paintOf } from '../report/paint.ts';
import { counterexampleJsonSchema, reportJsonSchema } from '../report/schemas.ts';
import { hang, lengthOf } from '../report/wrap.ts';
import { TargetFault } from '../targets/target.ts';
import { allBuiltIn, type BuiltIn, incidents, loadBuiltIn } from './built-in.ts';
import { openSession } from './session.ts';
import type { Terminal } from './terminal.ts';

const LISTED = ['targets', 'properties', 'situations', 'fixtures'] as const;
type Listed = (typeof LISTED)[number];
export type Subject = Listed | 'schemas';

interface Section {
  readonly heading: string;
  readonly rows: readonly (readonly [name: string, text: string])[];
}

export interface ListFlags {
  readonly config?: string | undefined;
  /** In ms. */
  readonly hang: number;
}

/** `keyhole list`. */
export async function list(subject: Subject | undefined, flags: ListFlags, terminal: Terminal): Promise<ExitCode> {
  if (subject === 'schemas') {
    const schemas = { 'keyhole.report/1': reportJsonSchema(), 'keyhole.counterexample/1': counterexampleJsonSchema() };
    terminal.print(`${JSON.stringify(schemas, null, 2)}\n`);
    return EXIT.holds;
  }
  const sections = (await Promise.all((subject === undefined ? LISTED : [subject]).map((one) => sectionsOf(one, flags)))).flat();
  const paint = paintOf(terminal.colour);
  terminal.print(`${sections.map((section) => [paint('bold', section.heading), ...rowsOf(section, terminal)].join('\n')).join('\n\n')}\n`);
  return EXIT.holds;
}

/** The built-in targets but for planted bugs, which are listed as fixtures. */
async function standing(): Promise<readonly BuiltIn[]> {
  return (await allBuiltIn()).filter(({ isPlanted }) => isPlanted !== true);
}

async function sectionsOf(subject: Listed, flags: ListFlags): Promise<Section[]> {
  switch (subject) {
    case 'targets':
      return [
        ...(await configured(flags)),
        { heading: 'Built-in targets', rows: await Promise.all((await standing()).map(async (one) => [one.name, await titleOf(one)] as const)) },
      ];
    case 'properties':
      return [{ heading: 'Properties', rows: PROPERTIES.map(({ id, title, severity }) => [id, `${title} (${severity})`]) }];
    case 'situations':
      return [{ heading: 'Situations', rows: SITUATIONS.map((name) => [name, SITUATION_MEANING[name]]) }];
    case 'fixtures':
      return [
        {
          heading: 'Fixtures: planted bugs, each a target; without the bug it is called ID-twin',
          rows: (await incidents()).map(({ id, title, class: mechanism }) => [id, `${mechanism} ${title}`]),
        },
      ];
  }
}

async function configured({ config: named, hang: hangMs }: ListFlags): Promise<Section[]> {
  const { supervisor, config } = await openSession({ config: named, hangMs });
  await supervisor.close();
  return config.path === null ? [] : [{ heading: `Targets of ${config.path}`, rows: config.targets.map(({ name, title }) => [name, title]) }];
}

async function titleOf(builtIn: BuiltIn): Promise<string> {
  try {
    const target = await loadBuiltIn(builtIn);
    // One that stands on a server has started it to say what it is.
    await target.dispose?.();
    return target.title;
  } catch (error) {
    if (error instanceof TargetFault) return `${error.message}: ${error.remedy}`;
    throw error;
  }
}

function rowsOf({ rows }: Section, { width, colour }: Terminal): string[] {
  const paint = paintOf(colour);
  const column = Math.min(32, Math.max(...rows.map(([name]) => lengthOf(bounded(name, 60)))));
  return rows.flatMap(([name, text]) => {
    const shown = bounded(name, 60).padEnd(column);
    const [first, ...rest] = hang(bounded(text, 400), width, `  ${shown}  `, ' '.repeat(column + 4));
    return [first!.replace(shown, () => paint('cyan', shown)), ...rest];
  });
}
