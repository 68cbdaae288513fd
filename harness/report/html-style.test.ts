import { describe, expect, it } from 'vitest';
import { STYLE } from './html-style.ts';

type Palette = ReadonlyMap<string, string>;

/** The colours of a block of the style, over those of another where it leaves some out. */
function paletteIn(block: string, base: Palette = new Map()): Palette {
  return new Map([...base, ...[...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name!, colour!] as const)]);
}

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const value = Number.parseInt(colour.slice(place, place + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

const [light, dark, print] = STYLE.split(/@media \(prefers-color-scheme: dark\)|@media print/);
const palettes: readonly (readonly [string, Palette])[] = [
  ['light', paletteIn(light!)],
  ['dark', paletteIn(dark!.slice(0, dark!.indexOf('}')))],
  ['print', paletteIn(print!)],
];
const PAPERS = ['paper', 'panel', 'bad-paper', 'unsure-paper', 'good-paper'];

// What axe cannot measure, since texts in drawings have no background that it knows.
describe.each(palettes)('the colours of the page in %s', (_, palette) => {
  it('are all there', () => {
    expect([...palette.keys()]).toEqual([...palettes[0]![1].keys()]);
  });

  it.each(['ink', 'soft', 'link', 'bad', 'unsure', 'good'])('make %s readable on every paper', (name) => {
    for (const paper of PAPERS) expect(contrast(palette.get(name)!, palette.get(paper)!), `${name} on ${paper}`).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['user-0', 'user-1', 'user-2', 'user-3'])('make the outline of %s visible on every paper', (name) => {
    for (const paper of PAPERS) expect(contrast(palette.get(name)!, palette.get(paper)!), `${name} on ${paper}`).toBeGreaterThanOrEqual(3);
  });
});
