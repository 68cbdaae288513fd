/** A file found in something larger. */
export interface PictureFile {
  readonly bytes: Buffer;
  /** From its beginning on, whatever comes behind its end. */
  readonly rest: Buffer;
  /** Its end was found: it is not cut off. Always true where only a decoder could tell. */
  readonly isWhole: boolean;
}

/** Pictures looked at in one answer. */
const PICTURES_MAX = 32;

const JPEG = '\xff\xd8\xff';
/** How files begin, and how many bytes before that. */
const BEGINNINGS: readonly (readonly [text: string, before: number])[] = [
  [JPEG, 0],
  ['\x89PNG\r\n\x1a\n', 0],
  ['WEBPVP8', 8],
  ['ftypavif', 4],
  ['GIF87a', 0],
  ['GIF89a', 0],
];

/** Every picture that begins somewhere in a text of one character a byte; what begins within another one as well. `isAll` unless there are too many. */
export function picturesIn(text: string): { readonly files: readonly PictureFile[]; readonly isAll: boolean } {
  const files: PictureFile[] = [];
  let bytes: Buffer | null = null;
  for (const [beginning, before] of BEGINNINGS)
    for (let place = text.indexOf(beginning); place >= 0; place = text.indexOf(beginning, place + 1)) {
      if (place < before) continue;
      if (files.length === PICTURES_MAX) return { files, isAll: false };
      bytes ??= Buffer.from(text, 'latin1');
      const rest = bytes.subarray(place - before);
      const end = beginning === JPEG ? jpegEnd(rest) : rest.length;
      files.push({ bytes: end < 0 ? rest : rest.subarray(0, end), rest, isWhole: end >= 0 });
    }
  return { files, isAll: true };
}

const [FIRST_RESTART, LAST_RESTART, END, SCAN] = [0xd0, 0xd7, 0xd9, 0xda];

/** Where a JPEG file ends that begins here, or -1 (T.81, B.1). */
function jpegEnd(bytes: Buffer): number {
  for (let place = 2; place + 1 < bytes.length;) {
    const marker = bytes[place + 1]!;
    if (bytes[place] !== 0xff) return -1;
    if (marker === END) return place + 2;
    // Any number of ones may stand before a marker.
    if (marker === 0xff) place++;
    else {
      place += 2 + (place + 3 < bytes.length ? bytes.readUInt16BE(place + 2) : bytes.length);
      if (marker === SCAN) place = scanEnd(bytes, place);
    }
  }
  return -1;
}

/** The next marker that is part of no scan. */
function scanEnd(bytes: Buffer, from: number): number {
  for (let place = bytes.indexOf(0xff, from); place >= 0; place = bytes.indexOf(0xff, place + 1)) {
    const next = bytes[place + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < FIRST_RESTART || next > LAST_RESTART)) return place;
  }
  return bytes.length;
}
