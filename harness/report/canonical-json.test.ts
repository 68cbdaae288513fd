import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { prettyJson } from './pretty-json.ts';

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code units, as the example of RFC 8785 section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(canonicalJson(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
  });

  it('writes numbers and strings as RFC 8785 section 3.2.2 has them', () => {
    expect(canonicalJson({ numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0], literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0]}',
    );
  });

  it('leaves out what is undefined', () => {
    expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}');
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
    expect(() => canonicalJson([1, () => 1])).toThrow(TypeError);
  });
});

describe('prettyJson', () => {
  it('gives each short member a line of its own and the same value back', () => {
    const value = {
      list: [{ op: 'request', user: 1 }, { op: 'restart' }],
      empty: {},
      none: [],
      long: Array.from({ length: 80 }, (_, index) => index),
      gone: undefined,
    };
    const text = prettyJson(value);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(prettyJson({ list: value.list, empty: {}, none: [] })).toBe(
      '{\n  "list": [\n    { "op": "request", "user": 1 },\n    { "op": "restart" }\n  ],\n  "empty": {},\n  "none": []\n}\n',
    );
  });
});
