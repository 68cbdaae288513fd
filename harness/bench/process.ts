import { measureAsyncBytes } from './async.ts';
import { measureFirst } from './exhaustive.ts';
import { measureArray } from './fc-array.ts';
import { measureFlat } from './flat.ts';
import { opener } from './open.ts';
import { measureBytes, measureCommands, type Measured } from './subjects.ts';

// One measurement in a process of its own: what was compiled for one subject must not slow or speed another.
const [what, name = '', length = '0', operations = '0', users = '0'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await measured(Number(length), Number(operations)))}\n`);

function measured(each: number, all: number): Measured | Promise<Measured> {
  switch (what) {
    case 'commands':
      return measureCommands(name, each, all);
    case 'array':
      return measureArray(opener(name), each, all);
    case 'bytes':
      return measureBytes(name, each, all);
    case 'async-bytes':
      return measureAsyncBytes(each, all);
    case 'flat':
      return measureFlat(opener(name), each, { users: Number(users), operations: all });
    case 'first':
      return measureFirst(name);
    default:
      throw new Error(`Nothing is measured under the name ${what}.`);
  }
}
