/**
 * The program of the process that starts a server and outlives whoever asked for it. It makes the server's folder, writes its files, starts
 * it in a process group of its own and keeps the end of what it says. When the channel to keyhole closes, however keyhole ended, it asks the
 * group to end, kills what does not, waits until nothing of it is left and removes the folder, and what libfaketime left of it. Plain
 * JavaScript in a string: it runs in a bare Node, from the checkout as from a package.
 */
export const GUARDIAN_SCRIPT = `
'use strict';
const { spawn } = require('node:child_process');
const { existsSync, lstatSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const KEPT = 8192;
// Most servers that end by themselves leave nothing behind in the system.
const ASKED_MS = 500;
const GONE_MS = 5000;
const LONGEST_PAUSE_MS = 20;
// libfaketime makes these for each process that it is loaded into first; one that is killed leaves them.
const SHARED = '/dev/shm';
const LEFT = ['faketime_shm_', 'sem.faketime_sem_'];
const directory = mkdtempSync(process.argv[1]);
let server = null;
let ended = null;
let said = '';
let isOver = false;
let startedMs = 0;

function tell(message) {
  if (process.connected) process.send(message, () => {});
}

function hear(chunk) {
  said = (said + chunk.toString('latin1')).slice(-KEPT);
}

function end(how) {
  if (ended !== null) return;
  ended = how;
  tell({ ended: { ...how, said } });
}

function run({ command, args, env, files }) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  startedMs = Date.now();
  server = spawn(command, args, { cwd: directory, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  server.on('error', (error) => end({ how: error.message }));
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', hear);
    stream.on('error', () => {});
  }
  server.on('exit', (code, signal) => {
    // What it said last may still be in the pipe, which others of its group may hold open.
    setTimeout(end, 20, { how: signal === null ? 'it ended with code ' + code : 'it was ended by ' + signal });
  });
  if (server.pid !== undefined) tell({ pid: server.pid });
}

function signal(name) {
  try {
    process.kill(-server.pid, name);
    return true;
  } catch {
    return false;
  }
}

// Those who have ended and are waited for by nobody still count as members of their group: only /proc tells them apart.
function groupLives() {
  return signal(0) && (!existsSync('/proc/self/stat') || members().length > 0);
}

function members() {
  try {
    return readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && isLiving(name));
  } catch {
    return [];
  }
}

function isLiving(name) {
  try {
    const stat = readFileSync('/proc/' + name + '/stat', 'latin1');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(group) === server.pid && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

// Only what these processes themselves can have left: it is named after them, ours, and not older than they are.
function clean(pids) {
  for (const pid of pids) {
    for (const name of LEFT) {
      const path = SHARED + '/' + name + pid;
      try {
        const { uid, mtimeMs } = lstatSync(path);
        if (uid === process.getuid() && mtimeMs > startedMs - 1000) unlinkSync(path);
      } catch {}
    }
  }
}

function leave() {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  } finally {
    process.exit(0);
  }
}

function over() {
  if (isOver) return;
  isOver = true;
  if (server === null || server.pid === undefined) return leave();
  const pids = new Set([String(server.pid), ...members()]);
  const from = Date.now();
  let isKilled = false;
  let pauseMs = 1;
  signal('SIGTERM');
  // Whoever was told to stand still does not hear anything else.
  signal('SIGCONT');
  const wait = () => {
    const lives = groupLives();
    const waitedMs = Date.now() - from;
    if (lives && !isKilled && waitedMs >= ASKED_MS) isKilled = signal('SIGKILL');
    if (lives && waitedMs < ASKED_MS + GONE_MS) return setTimeout(wait, (pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)));
    clean(pids);
    leave();
  };
  wait();
}

process.on('disconnect', over);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, over);
process.on('message', (message) => {
  if (message.run !== undefined) run(message.run);
  else tell({ said });
});
tell({ directory });
`;
