import { bareTurns, checkedTurns, lruCacheTurns, type Turns } from './subjects.ts';

// One of several that take turns, in a process of its own: what was compiled for one must not slow or speed another.
const [what = '', name = '', length = '0', operations = '0'] = process.argv.slice(2);
const turns = turnsOf(Number(length), Number(operations));

process.on('message', (asked: 'turn' | 'bytes') => void turns[asked]!().then((measured) => process.send!(measured)));
process.on('disconnect', () => process.exit());
process.send!('ready');

function turnsOf(each: number, all: number): Turns {
  if (what === 'lru-cache') return lruCacheTurns(all);
  return what === 'bare' ? bareTurns(name, each, all) : checkedTurns(name, each, all);
}
