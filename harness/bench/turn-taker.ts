import { asyncTurns, schedulerTurns } from './async.ts';
import { bareTurns, checkedTurns, lruCacheTurns, type Turns } from './subjects.ts';

// One of several that take turns, in a process of its own: what was compiled for one must not slow or speed another.
const [what = '', name = '', length = '0', operations = '0'] = process.argv.slice(2);
const turns = await turnsOf(Number(length), Number(operations));

process.on('message', () => void turns.turn().then((measured) => process.send!(measured)));
process.on('disconnect', () => process.exit());
process.send!('ready');

function turnsOf(each: number, all: number): Turns | Promise<Turns> {
  switch (what) {
    case 'checked':
      return checkedTurns(name, each, all);
    case 'bare':
      return bareTurns(name, each, all);
    case 'async':
      return asyncTurns(each, all, name === 'recorded');
    case 'scheduler':
      return schedulerTurns(each, all, name === 'signalled');
    case 'lru-cache':
      return lruCacheTurns(all);
    default:
      throw new Error(`Nobody takes turns under the name ${what}.`);
  }
}
