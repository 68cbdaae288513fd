import { Argument, Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { toolOf } from '../campaign/tool.ts';
import { UsageProblem } from '../campaign/usage-problem.ts';
import { countArgument, seedArgument, timeArgument } from './arguments.ts';
import type { CheckFlags } from './check-command.ts';
import type { InitFlags } from './init-command.ts';
import type { ListFlags, Subject } from './list-command.ts';
import type { ReplayFlags } from './replay-command.ts';
import type { ReportFlags } from './report-command.ts';
import type { DerivedFlags } from './selftest-command-derived.ts';
import type { SoakFlags } from './selftest-command-soak.ts';
import type { SelftestFlags } from './selftest-command.ts';
import type { Terminal } from './terminal.ts';

/** Runs a command line and resolves with the exit code. Rejects only for errors of keyhole itself. */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.holds;
  const program = commandLine(terminal, (result) => (code = result));
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.usage;
    if (!(error instanceof UsageProblem)) throw error;
    terminal.say(`${terminal.paint('red', 'error:')} ${error.message}`);
    terminal.say(error.remedy);
    return EXIT.usage;
  }
}

type End = (code: ExitCode) => void;

function commandLine(terminal: Terminal, end: End): Command {
  const { command, width } = terminal;
  const program = new Command('keyhole')
    .description('Finds the bug by which a cache hands one user the camera frame of another.')
    .usage('<command> [options]')
    .version(toolOf().version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help, of a command too')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .showHelpAfterError(`See: ${command} help`)
    .configureOutput({
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
      writeOut: terminal.print,
      writeErr: terminal.write,
      outputError: (text) => terminal.say(text.trimEnd()),
    });
  addCheck(program, terminal, end);
  addReplay(program, terminal, end);
  addReport(program, terminal, end);
  addSelftest(program, terminal, end);
  addList(program, terminal, end);
  addExplain(program, terminal, end);
  addInit(program, terminal, end);
  addDoctor(program, terminal, end);
  addStart(program, terminal, end);
  return program.addHelpText('after', GENERAL_HELP.replaceAll('COMMAND', command));
}

const GENERAL_HELP = `
Exit codes:
  0  everything that was checked holds
  1  a leak was found
  2  the command line, the configuration or a file is wrong
  3  a target, or what it stands on, is at fault
  4  nothing leaked, but that means too little
  130  interrupted

Environment:
  KEYHOLE_SEED            the seed, unless --seed is given
  NO_COLOR, FORCE_COLOR   never, or always, use colours
  CI                      progress as lines instead of one that is rewritten

Examples:
  COMMAND init
  COMMAND check lru tiered
  COMMAND replay .keyhole/counterexamples/ce-0123456789ab.json
  COMMAND explain KH001`;

const configOption = (): Option => new Option('-c, --config <file>', 'configuration (default: the nearest keyhole.config file)');
const hangOption = (): Option =>
  new Option('--hang <time>', 'how long a single program may take before its target counts as hung').argParser(timeArgument).default(30_000, '30s');
const seedOption = (): Option =>
  new Option('-s, --seed <n>', 'what everything random follows from (default: drawn anew)').argParser(seedArgument).env('KEYHOLE_SEED');

function addCheck(program: Command, terminal: Terminal, end: End): void {
  program
    .command('check')
    .description('Check targets: those named, or all of the configuration, or all built-in ones.')
    .argument('[target...]', 'names of targets, of the configuration or built in')
    .addOption(configOption())
    .addOption(seedOption())
    .addOption(new Option('-n, --runs <n>', 'programs to run against each target').argParser(countArgument))
    .addOption(new Option('-t, --max-time <time>', 'longest time for everything, such as 30s or 2m').argParser(timeArgument))
    .option('--bail', 'stop at the first leak of each target')
    .option('--json <file>', 'write the report for machines; "-" for standard output')
    .option('--report <folder>', 'write index.html, report.json and the counterexamples there')
    .addOption(hangOption())
    .addHelpText(
      'after',
      examples(terminal, [
        'check',
        'check my-cache --max-time 2m --report keyhole-report',
        'check my-cache --seed 12345 --runs 5000',
        'check --json - | jq .targets[].verdict',
      ]),
    )
    .addHelpText('after', '\nCounterexamples are written to .keyhole/counterexamples, or with --report there.')
    .action(async (names: string[], flags: CheckFlags) => {
      const { check } = await import('./check-command.ts');
      end(await check(names, flags, terminal));
    });
}

function addReplay(program: Command, terminal: Terminal, end: End): void {
  program
    .command('replay')
    .description('Run a counterexample again and tell what came of it. Ends with 1 if it still leaks, with 0 if not.')
    .argument('<file>', 'a counterexample file, ce-….json')
    .addOption(configOption())
    .option('--target <name>', 'replay it against another target')
    .option('--force', 'replay it although it was edited')
    .addOption(hangOption())
    .addHelpText('after', examples(terminal, ['replay ce-0123456789ab.json', 'replay ce-0123456789ab.json --target my-fixed-cache']))
    .action(async (file: string, flags: ReplayFlags) => {
      const { replay } = await import('./replay-command.ts');
      end(await replay(file, flags, terminal));
    });
}

function addReport(program: Command, terminal: Terminal, end: End): void {
  program
    .command('report')
    .description('Make a report again from the file that a check wrote.')
    .argument('<file|folder>', 'a report.json, or the folder in which it lies')
    .option('--html <file>', 'write the page for people; "-" for standard output')
    .option('--text', 'print the report, also when a page is written')
    .addHelpText('after', examples(terminal, ['report keyhole-report', 'report report.json --html report.html']))
    .action(async (given: string, flags: ReportFlags) => {
      const { report } = await import('./report-command.ts');
      end(await report(given, flags, terminal));
    });
}

function addSelftest(program: Command, terminal: Terminal, end: End): void {
  program
    .command('selftest')
    .description('Show that every planted bug is found, shrunk to its minimum, and gone without its fault.')
    .argument('[fixture...]', 'ids of fixtures; with --derived, what ids begin with (default: all)')
    .option('--json <file>', 'write the results for machines; "-" for standard output')
    .addOption(new Option('--seeds <n>', 'how many seeds must find each bug').argParser(countArgument).default(10))
    .addOption(seedOption())
    .addOption(new Option('--derived', 'plant every fault that follows from the policies by rule instead').conflicts('soak'))
    .addOption(new Option('--operations <n>', 'with --derived: operations that the search may take for each').argParser(countArgument).default(4_000_000))
    .addOption(
      new Option('--programs <n>', 'with --derived: programs over which a survivor is compared with its base').argParser(countArgument).default(1_000_000),
    )
    .addOption(new Option('--soak <operations>', 'run correct caches for so many operations: nothing may be found').argParser(countArgument))
    .addOption(new Option('--from-leg <n>', 'with --soak: go on with this leg').argParser(countArgument).default(0))
    .addOption(new Option('-t, --max-time <time>', 'with --soak: stop after this time').argParser(timeArgument))
    .addHelpText(
      'after',
      examples(terminal, ['selftest', 'selftest xiaomi-2020 --seeds 60', 'selftest --derived cdn/', 'selftest --soak 1000000000 --max-time 15m']),
    )
    .action(async (ids: string[], flags: AnySelftest) => {
      end(await selftestOf(ids, flags, terminal));
    });
}

type AnySelftest = SelftestFlags & DerivedFlags & Partial<SoakFlags> & { readonly derived?: boolean };

async function selftestOf(ids: readonly string[], flags: AnySelftest, terminal: Terminal): Promise<ExitCode> {
  if (flags.soak !== undefined) {
    const { selftestSoak } = await import('./selftest-command-soak.ts');
    return selftestSoak({ ...flags, soak: flags.soak, fromLeg: flags.fromLeg ?? 0 }, terminal);
  }
  if (flags.derived === true) {
    const { selftestDerived } = await import('./selftest-command-derived.ts');
    return selftestDerived(ids, flags, terminal);
  }
  const { selftest } = await import('./selftest-command.ts');
  return selftest(ids, flags, terminal);
}

function addList(program: Command, terminal: Terminal, end: End): void {
  program
    .command('list')
    .description('List what there is; or the JSON Schemas of the files that are written.')
    .addArgument(
      new Argument('[what]', 'what to list (default: everything but schemas)').choices(['targets', 'properties', 'situations', 'fixtures', 'schemas']),
    )
    .addOption(configOption())
    .addOption(hangOption())
    .addHelpText('after', examples(terminal, ['list', 'list targets', 'list schemas > schemas.json']))
    .action(async (what: Subject | undefined, flags: ListFlags) => {
      const { list } = await import('./list-command.ts');
      end(await list(what, flags, terminal));
    });
}

function addExplain(program: Command, terminal: Terminal, end: End): void {
  program
    .command('explain')
    .description('Explain a property, a situation or a fixture in words.')
    .argument('<id>', 'such as KH001, late-fill or xiaomi-2020')
    .addHelpText('after', examples(terminal, ['explain KH001', 'explain late-fill', 'explain xiaomi-2020']))
    .action(async (id: string) => {
      const { explainId } = await import('./explain-command.ts');
      end(await explainId(id, terminal));
    });
}

function addInit(program: Command, terminal: Terminal, end: End): void {
  program
    .command('init')
    .description('Write a keyhole.config.ts with an example that works, and say what to do next. Asks nothing.')
    .argument('[folder]', 'where to write it', '.')
    .option('--js', 'write a keyhole.config.js, without types')
    .option('--force', 'replace a file of the same name')
    .addHelpText('after', examples(terminal, ['init', 'init packages/snapshots --js']))
    .action(async (folder: string, flags: InitFlags) => {
      const { init } = await import('./init-command.ts');
      end(await init(folder, flags, terminal));
    });
}

function addDoctor(program: Command, terminal: Terminal, end: End): void {
  program
    .command('doctor')
    .description('Show what this machine has of what keyhole can use.')
    .addHelpText('after', examples(terminal, ['doctor']))
    .action(async () => {
      const { doctor } = await import('./doctor-command.ts');
      end(await doctor(terminal));
    });
}

/** What `npm start` runs. It is for the checkout, so the help does not name it. */
function addStart(program: Command, terminal: Terminal, end: End): void {
  program
    .command('start', { hidden: true })
    .description('Check the built-in targets against the verdicts that they deserve, and write keyhole-report.')
    .addOption(seedOption())
    .action(async ({ seed }: { seed?: number }) => {
      const { start } = await import('./start-command.ts');
      end(await start(seed, terminal));
    });
}

function examples({ command }: Terminal, lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${command} ${line}`).join('\n')}`;
}
