import { measureCommands, measureLruCache, type Measured, measureSubject } from './subjects.ts';

// One measurement in a process of its own: what was compiled for one subject must not slow or speed another.
const [what, name, length, operations] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(measured())}\n`);

function measured(): Measured {
  switch (what) {
    case 'lru-cache':
      return measureLruCache(Number(operations));
    case 'commands':
      return measureCommands(name!, Number(length), Number(operations));
    default:
      return measureSubject(name!, Number(length), Number(operations));
  }
}
