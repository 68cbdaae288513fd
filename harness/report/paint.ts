/** What a text may be marked with. Colour is decoration: whatever matters is said in words too. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Marks a text with a style. */
export type Paint = (style: Style, text: string) => string;

/** Set and reset codes of "Select Graphic Rendition", ECMA-48 section 8.3.117. */
const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

const PLAIN: Paint = (_style, text) => text;
const COLOURED: Paint = (style, text) => (text === '' ? '' : `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`);

/** Paints, or leaves every text as it is. */
export function paintOf(colour: boolean): Paint {
  return colour ? COLOURED : PLAIN;
}
