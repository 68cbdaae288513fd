import { type Situation, SITUATION_MEANING, SITUATIONS } from '../../models/domain/situation.ts';
import { PROPERTIES } from '../../properties/index.ts';
import type { Property } from '../../properties/property.ts';
import { suggestion } from '../campaign/closest.ts';
import { EXIT, type ExitCode } from '../campaign/exit-code.ts';
import { UsageProblem } from '../campaign/usage-problem.ts';
import { paintOf } from '../report/paint.ts';
import { DECISION_WORDS } from '../report/sentences.ts';
import { hang } from '../report/wrap.ts';
import { type Incident, incidents } from './built-in.ts';
import type { Terminal } from './terminal.ts';

/** A heading, and what there is to say under it. */
interface Entry {
  readonly heading: string;
  readonly facts: readonly (readonly [label: string, text: string])[];
}

/** `keyhole explain`: a property, a situation or a fixture in words. */
export async function explainId(id: string, terminal: Terminal): Promise<ExitCode> {
  const { heading, facts } = entryOf(id, await incidents(), terminal.command);
  const paint = paintOf(terminal.colour);
  const width = Math.max(...facts.map(([label]) => label.length));
  const lines = facts.flatMap(([label, text]) => {
    const shown = label.padEnd(width);
    const [first, ...rest] = hang(text, terminal.width, `  ${shown}  `);
    return [first!.replace(shown, () => paint('dim', shown)), ...rest];
  });
  terminal.print(`${[...hang(heading, terminal.width, '').map((line) => paint('bold', line)), '', ...lines].join('\n')}\n`);
  return EXIT.holds;
}

function entryOf(id: string, fixtures: readonly Incident[], command: string): Entry {
  const wanted = id.toLowerCase();
  const property = PROPERTIES.find((one) => one.id.toLowerCase() === wanted);
  if (property !== undefined) return propertyEntry(property);
  const situation = SITUATIONS.find((name) => name === wanted);
  if (situation !== undefined) return situationEntry(situation);
  const fixture = fixtures.find((one) => one.id === wanted);
  if (fixture !== undefined) return fixtureEntry(fixture, command);
  const known = [...PROPERTIES.map((one) => one.id), ...SITUATIONS, ...fixtures.map((one) => one.id)];
  throw new UsageProblem([`Nothing here is called "${id}".`, suggestion(id, known)].join(' ').trim(), `See what there is with: ${command} list`);
}

function propertyEntry({ id, title, severity, meaning, source, blind, kinds }: Property): Entry {
  return {
    heading: `${id} ${title} (${severity})`,
    facts: [
      ['Says', meaning],
      ['From', source],
      ['Blind to', blind],
      ...Object.entries(kinds).map(([kind, words]) => [`${id}/${kind}`, `The caller was ${words}.`] as const),
    ],
  };
}

function situationEntry(situation: Situation): Entry {
  return {
    heading: situation,
    facts: [
      ['Means', `${SITUATION_MEANING[situation]}.`],
      ['Counts', 'It is counted from the program and from what the origin was asked, never from what a cache says about itself.'],
      ['Why', 'Where a target can come into it and never did, a check without a leak means little, and its verdict is inconclusive.'],
    ],
  };
}

function fixtureEntry(fixture: Incident, command: string): Entry {
  const { id, class: mechanism, title, incident, published, inferred, decision, target, twin, minimal } = fixture;
  return {
    heading: `${id}: ${title}`,
    facts: [
      ['Class', mechanism],
      ['Incident', incident],
      ['Published', published],
      ['Inferred', inferred],
      ['At fault', `The decision about ${DECISION_WORDS[decision]}.`],
      ['Target', `${target.title} (${target.name})`],
      ['Twin', `${twin.title} (${twin.name})`],
      ['Shortest', `${minimal.size} operations break ${minimal.property}/${minimal.kind}.`],
      ['See it', `${command} check ${target.name}`],
    ],
  };
}
