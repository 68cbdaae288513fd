import { PROPERTIES } from '../../properties/index.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import type { Replayed } from '../campaign/protocol.ts';
import { readText } from '../campaign/read-text.ts';
import type { Ended } from '../campaign/supervise.ts';
import { toolOf } from '../campaign/tool.ts';
import { UsageProblem } from '../campaign/usage-problem.ts';
import { readCounterexample, writeCounterexample } from '../report/counterexample-file.ts';
import type { Counterexample } from '../report/document.ts';
import { paintOf } from '../report/paint.ts';
import { storyOf } from '../report/story.ts';
import { storyText } from '../report/text.ts';
import { hang } from '../report/wrap.ts';
import { Interrupts } from './interrupts.ts';
import { chooseTargets, openSession, type Session } from './session.ts';
import type { Terminal } from './terminal.ts';

export interface ReplayFlags {
  readonly config?: string | undefined;
  /** Replay although the file was edited. */
  readonly force?: boolean | undefined;
  /** Another target than the one that the file names. */
  readonly target?: string | undefined;
  /** In ms. */
  readonly hang: number;
}

const TIMES = 3;

/** `keyhole replay`. */
export async function replay(file: string, flags: ReplayFlags, terminal: Terminal): Promise<ExitCode> {
  const counterexample = await read(file, flags.force ?? false, terminal);
  const session = await openSession({ config: flags.config, hangMs: flags.hang });
  const interrupts = new Interrupts(session.supervisor, (text) => terminal.say(text));
  try {
    const name = await targetName(counterexample, flags.target, session);
    const ended = await session.supervisor.run<'replay'>({ kind: 'replay', target: name, program: counterexample.program, times: TIMES });
    if (interrupts.interrupted) return EXIT.interrupted;
    return tell(ended, { counterexample, name, hangMs: flags.hang }, terminal);
  } finally {
    interrupts.close();
    await session.supervisor.close();
  }
}

async function read(file: string, force: boolean, terminal: Terminal): Promise<Counterexample> {
  const result = readCounterexample(await readText(file));
  if (!result.ok) throw new UsageProblem(`${file} cannot be replayed. ${result.problem}`, result.remedy);
  if (!result.edited) return result.value;
  if (!force)
    throw new UsageProblem(`${file} was edited: its content is not what its digest was made of.`, 'If that is what you want, replay it with --force.');
  terminal.say(`${file} was edited; it is replayed as it is.`);
  return result.value;
}

async function targetName({ target }: Counterexample, other: string | undefined, { config }: Session): Promise<string> {
  const name = other ?? target;
  try {
    await chooseTargets([name], config);
  } catch (error) {
    if (!(error instanceof UsageProblem) || other !== undefined) throw error;
    const where = config.path === null ? 'There is no keyhole.config file here or above.' : `The configuration is ${config.path}.`;
    throw new UsageProblem(
      `The file was written for the target "${target}", which is not known here. ${where}`,
      `Go to where its configuration lies, or name another with --target.\n${error.remedy}`,
    );
  }
  return name;
}

interface Question {
  readonly counterexample: Counterexample;
  readonly name: string;
  readonly hangMs: number;
}

function tell(ended: Ended<Replayed>, question: Question, terminal: Terminal): ExitCode {
  const { name, hangMs } = question;
  switch (ended.how) {
    case 'done':
      return answer(ended.result, question, terminal);
    case 'problem':
      throw new UsageProblem(ended.problem, ended.remedy);
    case 'fault':
      terminal.say(`${name} is at fault: ${ended.message}\n${ended.remedy}`);
      return EXIT.fault;
    case 'died':
      terminal.say(
        `${name} is at fault: ${ended.death === 'hung' ? `it hung, nothing moved for ${hangMs / 1000} s` : `it ended the thread that it ran in (${ended.death}) ${ended.said}`}`,
      );
      return EXIT.fault;
  }
}

/** What came of the repetitions, in one sentence and a story. */
function answer(replayed: Replayed, { counterexample, name }: Question, terminal: Terminal): ExitCode {
  const { unsupported, runs } = replayed;
  if (unsupported.length > 0)
    throw new UsageProblem(
      `${name} cannot be asked what this program asks: it does not support ${unsupported.join(', ')}.`,
      'Replay it against a target that does.',
    );
  const { property, kind } = counterexample;
  const same = runs.filter(({ breaches }) => breaches.some((breach) => breach.property === property && breach.kind === kind));
  const other = runs.filter(({ breaches }) => breaches.length > 0);
  const told = same[0] ?? other[0] ?? runs[0]!;
  const breach = same.length > 0 || told.breaches.length === 0 ? { property, kind } : told.breaches[0]!;
  print(
    { ...counterexample, target: name, property: breach.property, kind: breach.kind, history: told.history },
    verdict(runs.length, same.length, other.length, breach),
    terminal,
  );
  return other.length > 0 ? EXIT.leak : EXIT.holds;
}

interface Verdict {
  readonly word: string;
  readonly rest: string;
  readonly isBad: boolean;
}

function verdict(runs: number, same: number, other: number, { property, kind }: { property: string; kind: string }): Verdict {
  const rule = ruleOf(property);
  if (same > 0) return { word: 'Reproduced', rest: `, ${same} of ${runs} times: ${rule} is broken.`, isBad: true };
  if (other > 0) return { word: 'A different failure', rest: `, ${other} of ${runs} times: now ${rule} is broken (${property}/${kind}).`, isBad: true };
  return { word: 'Not reproduced', rest: `: ${runs} of ${runs} times nothing was broken, neither ${rule} nor anything else.`, isBad: false };
}

function ruleOf(property: string): string {
  const title = PROPERTIES.find(({ id }) => id === property)?.title;
  return title === undefined ? property : `${property} "${title}"`;
}

function print(told: Counterexample, { word, rest, isBad }: Verdict, terminal: Terminal): void {
  const { colour, width, command } = terminal;
  const paint = paintOf(colour);
  const { tool: _, ...fields } = told;
  const again = writeCounterexample({ ...fields, tool: toolOf() }).value;
  const { outcome } = storyOf(again);
  const lines = [
    ...hang(`${word}${rest}`, width, '').map((line, place) =>
      place === 0 ? line.replace(word, () => paint('bold', paint(isBad ? 'red' : 'green', word))) : line,
    ),
    '',
    ...(outcome === null ? [] : [...hang(`${outcome.headline} ${outcome.wrong}`, width, '  '), '']),
    storyText(again, { colour, width, command }),
  ];
  terminal.print(lines.join('\n'));
}
