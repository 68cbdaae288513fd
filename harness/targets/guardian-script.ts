/**
 * The program of the process that starts a server and outlives whoever asked for it. It makes the server's folder, writes its files, starts
 * it in a process group of its own and keeps the end of what it says. When the channel to keyhole closes, however keyhole ended, it kills
 * the group, waits until nothing of it is left and removes the folder. Plain JavaScript in a string: it runs in a bare Node, from the
 * checkout as from a package.
 */
export const GUARDIAN_SCRIPT = `
'use strict';
const { spawn } = require('node:child_process');
const { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const KEPT = 8192;
const GONE_MS = 5000;
const directory = mkdtempSync(process.argv[1]);
let server = null;
let ended = null;
let said = '';
let isOver = false;

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

// Those who have ended and are waited for by nobody still count as members of their group: only /proc tells them apart.
function groupLives() {
  try {
    process.kill(-server.pid, 0);
  } catch {
    return false;
  }
  return !existsSync('/proc/self/stat') || readdirSync('/proc').some((name) => /^[0-9]+$/.test(name) && isLiving(name));
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
  try {
    process.kill(-server.pid, 'SIGKILL');
  } catch {}
  const until = Date.now() + GONE_MS;
  const wait = () => (groupLives() && Date.now() < until ? setTimeout(wait, 2) : leave());
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
