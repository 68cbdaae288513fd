import { describe, expect, it } from 'vitest';
import { ascii, bounded, escapeHtml, escapeJson, visible } from './escape.ts';

// ANSI colour, C1 control, override, isolate, zero-width joiner, byte order mark, tag, line separator, NUL, lone surrogate.
const HOSTILE = ['\u001b[31m', '\u009b2J', '\u202e', '\u2066', '\u200d', '\ufeff', '\u{e0041}', '\u2028', '\0', '\ud800', '\u007f'];
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

describe('visible', () => {
  it('writes every unseen character out', () => {
    expect(visible('a\u001b[31mb\n\t\u202ec')).toBe('a\\u{1b}[31mb\\n\\t\\u{202e}c');
    for (const text of HOSTILE) expect(visible(`x${text}y`)).not.toMatch(UNSEEN);
  });

  it('leaves what people write as it is', () => {
    const text = 'zo\u00e9 caf\u00e9 e\u0301 \u674e\u660e \u05d0\u05d1 \u2013 \u201cq\u201d \ud83d\ude00 a\\b <c>';
    expect(visible(text)).toBe(text);
  });

  it('changes nothing when applied again', () => {
    for (const text of HOSTILE) expect(visible(visible(text))).toBe(visible(text));
  });

  it('keeps marks from piling up over other lines', () => {
    expect(visible(`a${'\u0301'.repeat(50)}`)).toBe(`a\u0301\u0301${'\\u{301}'.repeat(48)}`);
  });
});

describe('bounded', () => {
  it('keeps both ends of what is too long', () => {
    const shown = bounded(`${'tenant-'.repeat(8)}1`, 20);
    expect([...shown]).toHaveLength(20);
    expect(shown).toBe('tenant-tenant…nant-1');
  });

  it('keeps what just fits', () => {
    expect(bounded('x'.repeat(20), 20)).toBe('x'.repeat(20));
  });

  it('bounds what grows when it is written out', () => {
    expect([...bounded('\u001b'.repeat(1_000_000), 30)]).toHaveLength(30);
  });
});

describe('ascii', () => {
  it('tells composed from decomposed letters', () => {
    expect([ascii('\u00e9'), ascii('e\u0301')]).toEqual(['\\u{e9}', 'e\\u{301}']);
  });
});

describe('escapeHtml', () => {
  it('leaves nothing that could end a text or an attribute', () => {
    expect(escapeHtml(`<script>alert("1")</script> & 'x'`)).toBe('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;');
    for (const text of HOSTILE) expect(escapeHtml(text)).not.toMatch(UNSEEN);
  });
});

describe('escapeJson', () => {
  it('gives the same value in text that is safe to print', () => {
    for (const text of HOSTILE) {
      const json = escapeJson(JSON.stringify({ text }));
      expect(json).not.toMatch(UNSEEN);
      expect(JSON.parse(json)).toEqual({ text });
    }
  });
});
