import { visible } from './escape.ts';

/** Breaks a text into lines of at most `width` characters, at spaces where it can, but not before a number. Unseen characters are written out. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of visible(text)
    .split(/ (?!\d)/)
    .flatMap((part) => pieces(part, width))) {
    if (line === '') line = word;
    else if (lengthOf(line) + 1 + lengthOf(word) <= width) line = `${line} ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** The same with every line behind a margin: `first` before the first, spaces or `rest` before the others. */
export function hang(text: string, width: number, first: string, rest: string = ' '.repeat(lengthOf(first))): string[] {
  return wrap(text, Math.max(10, width - lengthOf(first))).map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd());
}

/** How many characters a reader sees. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** A word that is longer than a line is cut. */
function pieces(word: string, width: number): string[] {
  const letters = [...word];
  if (letters.length <= width) return [word];
  const cut: string[] = [];
  for (let from = 0; from < letters.length; from += width) cut.push(letters.slice(from, from + width).join(''));
  return cut;
}
