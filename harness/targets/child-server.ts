import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { GUARDIAN_SCRIPT } from './guardian-script.ts';
import { TargetFault } from './target.ts';

/** How a server is started. */
export interface Launch {
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files by their path within the folder of the server, written before it starts. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface ChildServerOptions {
  /** What it is called in messages. */
  readonly name: string;
  /** Told the folder that the server has to itself. */
  launch(directory: string): Launch;
  /** What to do where the command is missing, such as `apt-get install nginx`. */
  readonly install?: string;
  /** What to do where it does not start, instead of the usual advice. */
  readonly remedy?: string;
  /** Whether it answers, asked again and again until it does; told its folder. */
  isReady(directory: string): Promise<boolean>;
}

/** Longest real time for a server to start. */
const START_MS = 10_000;
/** Longest real time for a guardian to say something. */
const ANSWER_MS = 5_000;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;
/** How much of what it said is shown. */
const SHOWN = 800;
/** Debian keeps servers here, which is on the path of root only. */
const SERVER_FOLDERS: readonly string[] = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

const REMEDY = 'Start it by hand with the same configuration to see why. It must stay in the foreground and listen on the port that it was given.';

/** What a guardian says; see its script. */
interface Word {
  readonly directory?: string;
  readonly pid?: number;
  readonly said?: string;
  readonly ended?: { readonly how: string; readonly said: string };
}

/** A server in a process group and a folder of its own, both of which are gone when this process is, whichever way that ends. */
export class ChildServer {
  /** Why it is not there any more, as a sentence; null while it runs. */
  ended: string | null = null;
  readonly directory: string;
  private readonly name: string;
  private readonly remedy: string;
  private readonly guardian: ChildProcess;
  private pid: number | null = null;
  private lastWords = '';
  private stopping: Promise<void> | null = null;

  private constructor({ name, remedy = REMEDY }: ChildServerOptions, guardian: ChildProcess, directory: string) {
    this.name = name;
    this.remedy = remedy;
    this.guardian = guardian;
    this.directory = directory;
    guardian.on('message', (word: Word) => this.hear(word));
    guardian.once('exit', () => this.orphaned());
  }

  /** Rejects with a {@link TargetFault} when the command is missing, ends, or does not answer. */
  static async start(options: ChildServerOptions): Promise<ChildServer> {
    const guardian = spawn(process.execPath, ['-e', GUARDIAN_SCRIPT, '--', join(tmpdir(), 'keyhole-server-')], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const { directory } = await firstWord(guardian);
    const child = new ChildServer(options, guardian, directory!);
    try {
      await child.run(options);
    } catch (error) {
      await child.stop();
      throw error;
    }
    // The guardian must not keep this process from ending: that is what it waits for.
    guardian.unref();
    guardian.channel?.unref();
    return child;
  }

  /** The process that watches over it. */
  get guardianPid(): number {
    return this.guardian.pid!;
  }

  /** The server itself; null before it was started. */
  get serverPid(): number | null {
    return this.pid;
  }

  /** The end of what the server has written on its outputs. */
  async said(): Promise<string> {
    if (this.ended !== null || !this.guardian.connected) return this.lastWords;
    this.guardian.send({ said: true });
    const words = await wordFrom(this.guardian, ({ said }) => said !== undefined).catch(() => ({ said: '' }));
    return words.said ?? '';
  }

  /** Waits a moment for news of its end: a connection breaks before the process is gone. */
  async hasEnded(withinMs: number): Promise<boolean> {
    if (this.ended === null) await wordFrom(this.guardian, ({ ended }) => ended !== undefined, withinMs).catch(() => {});
    return this.ended !== null;
  }

  /** What became of it, for a message. */
  async account(): Promise<string> {
    return `${this.ended ?? 'it runs'}. It said: ${shown(await this.said())}`;
  }

  /** Ends the server and removes what it left. Can be called twice. */
  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  private async run({ launch, install, isReady }: ChildServerOptions): Promise<void> {
    const { command, args = [], env = {}, files = {} } = launch(this.directory);
    const path = programPath(command);
    if (path === null) throw missing(this.name, command, install);
    this.guardian.send({ run: { command: path, args, env, files } });
    const until = performance.now() + START_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (await isReady(this.directory)) return;
      if (await this.hasEnded(pauseMs)) throw this.unstarted(this.ended!, this.lastWords);
      if (performance.now() > until) throw this.unstarted(`it has not answered after ${START_MS / 1000} s`, await this.said());
    }
  }

  private unstarted(why: string, said: string): TargetFault {
    return new TargetFault(`${this.name} did not start: ${why}. It said: ${shown(said)}`, this.remedy);
  }

  private hear({ pid, ended }: Word): void {
    if (pid !== undefined) this.pid = pid;
    if (ended === undefined) return;
    this.lastWords = ended.said;
    this.ended ??= ended.how;
  }

  private async end(): Promise<void> {
    const { guardian } = this;
    if (guardian.exitCode !== null || guardian.signalCode !== null) return;
    const gone = once(guardian, 'exit');
    guardian.ref();
    if (guardian.connected) guardian.disconnect();
    await gone;
    this.ended ??= 'it was stopped';
  }

  /** Somebody ended the guardian. What it guarded is ended from here. */
  private orphaned(): void {
    if (this.stopping !== null) return;
    this.ended ??= 'the process that guards it was ended';
    try {
      if (this.pid !== null) process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Where a command is, or null. */
export function programPath(command: string): string | null {
  const folders = command.includes('/') ? [''] : [...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, command)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function missing(name: string, command: string, install: string | undefined): TargetFault {
  return new TargetFault(
    `${name} needs the program ${JSON.stringify(command)}, and there is none on the PATH`,
    install === undefined ? `Install ${command}, or name its full path.` : `Install it: ${install}`,
  );
}

async function firstWord(guardian: ChildProcess): Promise<Word> {
  try {
    return await wordFrom(guardian, ({ directory }) => directory !== undefined);
  } catch (error) {
    guardian.disconnect();
    const fault = new TargetFault('the process that guards a server did not start', 'See that the folder for temporary files can be written.');
    fault.cause = error;
    throw fault;
  }
}

/** The next word of a guardian that is of the wanted kind. Rejects when it ends, or says nothing in time. */
function wordFrom(guardian: ChildProcess, isWanted: (word: Word) => boolean, withinMs: number = ANSWER_MS): Promise<Word> {
  return new Promise((resolve, reject) => {
    const give = (word: Word): void => {
      if (!isWanted(word)) return;
      stop();
      resolve(word);
    };
    const fail = (): void => {
      stop();
      reject(new Error('The guardian said nothing.'));
    };
    const timer = setTimeout(fail, withinMs);
    const stop = (): void => {
      clearTimeout(timer);
      guardian.off('message', give).off('exit', fail).off('error', fail);
    };
    guardian.on('message', give).once('exit', fail).once('error', fail);
  });
}

/** What a server said, safe to be printed: it may say anything. */
function shown(said: string): string {
  const words = said.trim().slice(-SHOWN);
  return words === ''
    ? 'nothing'
    : JSON.stringify(words).replaceAll(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
