import { isatty } from 'node:tty';
import { visible } from '../report/escape.ts';
import { type Paint, paintOf } from '../report/paint.ts';
import { hang } from '../report/wrap.ts';

/** What the command line writes to, and how. */
export interface Terminal {
  /** Columns of what is read on standard output. */
  readonly width: number;
  /** Whether standard output may be coloured. */
  readonly colour: boolean;
  /** Paints for standard error. */
  readonly paint: Paint;
  /** Standard error is a screen that is rewritten in place. */
  readonly live: boolean;
  /** How keyhole is called here: what a reader can copy. */
  readonly command: string;
  /** Data: to standard output, as it is. */
  print(text: string): void;
  /** Remarks: to standard error, wrapped, with everything unseen written out. */
  say(text: string): void;
  /** As it is, to standard error. */
  write(text: string): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

const NARROW = 40;
const WIDE = 100;

/** The terminal of this process. */
export function terminalOf(env: Environment): Terminal {
  const { stdout, stderr } = process;
  // A reader who has seen enough closes the pipe; that is no error of ours.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  const width = widthOf(stdout.columns ?? stderr.columns);
  return {
    width,
    colour: mayColour(stdout, env),
    paint: paintOf(mayColour(stderr, env)),
    live: isatty(stderr.fd) && !isSet(env['CI']) && env['TERM'] !== 'dumb',
    command: import.meta.url.endsWith('.ts') ? 'npm run keyhole --' : 'npx keyhole',
    print: (text) => void stdout.write(text),
    say: (text) => {
      const lines = text.split('\n').flatMap((line) => hang(visible(line.trimStart()), width, ' '.repeat(line.length - line.trimStart().length)));
      stderr.write(`${lines.join('\n')}\n`);
    },
    write: (text) => void stderr.write(text),
  };
}

function widthOf(columns: number | undefined): number {
  return Math.min(WIDE, Math.max(NARROW, columns ?? 80));
}

/** NO_COLOR (no-color.org) forbids, FORCE_COLOR demands, and otherwise a terminal decides. */
function mayColour(stream: { readonly fd: number }, env: Environment): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isatty(stream.fd) && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
