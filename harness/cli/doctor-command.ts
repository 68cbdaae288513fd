import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findConfig } from '../campaign/config-file.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { toolOf } from '../campaign/tool.ts';
import { paintOf, type Style } from '../report/paint.ts';
import { hang } from '../report/wrap.ts';
import { programPath } from '../targets/child-server.ts';
import { faketimeLibrary } from '../targets/faketime.ts';
import { BUILT_IN, packageName } from './built-in.ts';
import { installedVersion } from './installed.ts';
import type { Terminal } from './terminal.ts';

/** `bad`: keyhole does not work like this. `absent`: something optional is not there. */
type State = 'good' | 'note' | 'absent' | 'bad';

interface Finding {
  readonly state: State;
  readonly name: string;
  readonly text: string;
}

const STYLES: Readonly<Record<State, readonly [mark: string, style: Style]>> = {
  good: ['ok', 'green'],
  note: ['note', 'yellow'],
  absent: ['-', 'dim'],
  bad: ['BAD', 'red'],
};

/** `package.json`, `engines`. */
const OLDEST_NODE: readonly [major: number, minor: number] = [20, 19];
/** Node 20 has had no security fixes since April 2026. */
const MAINTAINED_MAJOR = 22;

/** `keyhole doctor`: what this machine has of what keyhole can use. */
export async function doctor(terminal: Terminal): Promise<ExitCode> {
  const groups: [string, Finding[]][] = [
    ['This program', [toolFinding(), nodeFinding(process.versions.node), ...neededFindings(), configFinding()]],
    ['Packages that some built-in targets stand on', optionalFindings()],
    ['Programs', [...(await Promise.all(PROGRAMS.map(programFinding))), faketimeFinding()]],
    ['Terminal', [terminalFinding(terminal)]],
  ];
  const paint = paintOf(terminal.colour);
  const blocks = groups.map(([heading, findings]) => [paint('bold', heading), ...findings.flatMap((finding) => lines(finding, terminal))].join('\n'));
  terminal.print(`${blocks.join('\n\n')}\n`);
  return groups.some(([, findings]) => findings.some(({ state }) => state === 'bad')) ? EXIT.fault : EXIT.holds;
}

function lines({ state, name, text }: Finding, { width, colour }: Terminal): string[] {
  const [mark, style] = STYLES[state];
  const [first, ...rest] = hang(text, width, `  ${mark.padEnd(4)}  ${name.padEnd(20)}  `);
  return [first!.replace(mark, () => paintOf(colour)(style, mark)), ...rest];
}

function toolFinding(): Finding {
  return { state: 'good', name: 'keyhole', text: `${toolOf().version}${import.meta.url.endsWith('.ts') ? ', run from its sources' : ''}` };
}

export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST_NODE;
  if (major < oldest || (major === oldest && minor < oldestMinor))
    return { state: 'bad', name: 'Node', text: `${version}; at least ${oldest}.${oldestMinor} is needed.` };
  if (major < MAINTAINED_MAJOR)
    return { state: 'note', name: 'Node', text: `${version}. It works, but Node ${major} is past its end of life: move to ${MAINTAINED_MAJOR} or later.` };
  return { state: 'good', name: 'Node', text: version };
}

function configFinding(): Finding {
  const path = findConfig(process.cwd());
  return path === null
    ? {
        state: 'note',
        name: 'configuration',
        text: 'There is no keyhole.config file here or above: only built-in targets can be checked. "keyhole init" writes one.',
      }
    : { state: 'good', name: 'configuration', text: path };
}

/** What keyhole cannot do without: `package.json`, `dependencies`. */
const NEEDED = ['tsx', 'commander', 'zod', 'fast-check', 'lru-cache', '@sinonjs/fake-timers'];

function neededFindings(): Finding[] {
  return NEEDED.map((name): Finding => {
    const version = installedVersion(name);
    return version === null ? { state: 'bad', name, text: `is missing: npm install ${name}` } : { state: 'good', name, text: version };
  });
}

function optionalFindings(): Finding[] {
  const wanted = [...new Set(BUILT_IN.flatMap(({ packages }) => packages))];
  const findings = wanted.map((asked): Finding => {
    const name = packageName(asked);
    const version = installedVersion(name);
    return version === null ? { state: 'absent', name, text: `not installed; npm install --save-dev ${asked}` } : { state: 'good', name, text: version };
  });
  const mock = 'ioredis-mock is not Redis: it hides bugs and invents others. A check that holds on it is no evidence about Redis, and its report says so.';
  return [...findings, { state: 'note', name: 'mock', text: mock }];
}

interface Program {
  readonly name: string;
  readonly flag: string;
  /** The Debian package that brings it. */
  readonly apt: string;
  readonly use: string;
}

const PROGRAMS: readonly Program[] = [
  { name: 'redis-server', flag: '--version', apt: 'redis-server', use: 'to check against a real Redis' },
  { name: 'nginx', flag: '-v', apt: 'nginx', use: 'to check a real HTTP cache' },
  { name: 'chromium', flag: '--version', apt: 'chromium', use: 'to print a report as PDF' },
];

async function programFinding({ name, flag, apt, use }: Program): Promise<Finding> {
  const path = programPath(name);
  if (path === null) return { state: 'absent', name, text: `not found; ${use}: apt-get install ${apt}` };
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [flag], { timeout: 10_000 });
    return { state: 'good', name, text: /\d+(?:\.\d+)+/.exec(`${stdout} ${stderr}`)?.[0] ?? path };
  } catch (error) {
    return {
      state: 'note',
      name,
      text: `${path} is there, but does not tell its version: ${error instanceof Error ? error.message.split('\n')[0]! : String(error)}`,
    };
  }
}

/** No program, but what moves the time of one. */
function faketimeFinding(): Finding {
  const path = faketimeLibrary();
  return path === null
    ? {
        state: 'absent',
        name: 'libfaketime',
        text: 'not found; to move the time of real servers, without which nothing ever expires there: apt-get install libfaketime',
      }
    : { state: 'good', name: 'libfaketime', text: path };
}

function terminalFinding({ width, colour, live }: Terminal): Finding {
  return {
    state: 'good',
    name: 'output',
    text: `${width} columns, ${colour ? 'with' : 'no'} colour, progress ${live ? 'on one line that is rewritten' : 'as a line every 10 s'}`,
  };
}
