/** Letters of 5 x 7 points: a digit to the base of 32 for each row, top first, the leftmost point in the highest bit. */
const FONT: Readonly<Record<string, string>> = {
  A: 'ehhvhhh',
  B: 'uhhuhhu',
  C: 'ehggghe',
  D: 'uhhhhhu',
  E: 'vgguggv',
  F: 'vgguggg',
  G: 'ehgnhhf',
  H: 'hhhvhhh',
  I: 'e44444e',
  J: '72222ic',
  K: 'hikokih',
  L: 'ggggggv',
  M: 'hrllhhh',
  N: 'hhpljhh',
  O: 'ehhhhhe',
  P: 'uhhuggg',
  Q: 'ehhhlid',
  R: 'uhhukih',
  S: 'fgge11u',
  T: 'v444444',
  U: 'hhhhhhe',
  V: 'hhhhha4',
  W: 'hhhllla',
  X: 'hha4ahh',
  Y: 'hha4444',
  Z: 'v1248gv',
  0: 'ehjlphe',
  1: '4c4444e',
  2: 'eh1248v',
  3: 'v2421he',
  4: '26aiv22',
  5: 'vgu11he',
  6: '68guhhe',
  7: 'v124888',
  8: 'ehhehhe',
  9: 'ehhf12c',
  ' ': '0000000',
  '-': '000v000',
  _: '000000v',
  '.': '00000cc',
  ';': '0cc0c48',
  '/': '01248g0',
  '|': '4444444',
  '#': 'aavavaa',
  '+': '044v440',
  '=': '00v0v00',
  '@': 'eh1dlle',
  '~': '008l200',
  ',': '0000c48',
  '!': '4444004',
  '%': 'op248j3',
  '?': 'eh12404',
  ':': '0cc0cc0',
};

export const LETTER_WIDTH = 5;
export const LETTER_HEIGHT = 7;

/** Whether a point of a letter is set. `letter` is one that {@link drawable} gave. */
export function isSet(letter: string, x: number, y: number): boolean {
  return ((Number.parseInt(FONT[letter]![y]!, 32) >> (LETTER_WIDTH - 1 - x)) & 1) === 1;
}

/** A text in the letters that there are, in capitals, `?` for each that there is not; `instead` where little of it would be left to read. */
export function drawable(text: string, instead: string): string {
  const letters = Array.from(
    text
      .normalize('NFKD')
      .replaceAll(/\p{Mark}/gu, '')
      .toUpperCase(),
    (letter) => (Object.hasOwn(FONT, letter) ? letter : '?'),
  );
  return letters.filter((letter) => letter !== '?').length * 2 < letters.length ? instead : letters.join('');
}

/** A text of at most so many letters: beginning and end where it is longer, since long ids often differ in the end. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 4)}~${text.slice(-3)}`;
}
