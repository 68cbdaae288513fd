import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { terminalOf } from './terminal.ts';

describe('terminalOf', () => {
  let written = '';

  beforeEach(() => {
    written = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
  });

  afterEach(() => vi.restoreAllMocks());

  it('writes out what would not be seen, or would move the cursor', () => {
    terminalOf({}).say('a\u001b[2Jb\u202ec\n  indented');
    expect(written).toBe('a\\u{1b}[2Jb\\u{202e}c\n  indented\n');
  });

  it.each([
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ NO_COLOR: '', FORCE_COLOR: '3' }, true],
  ])('heeds %j', (env, colour) => {
    expect(terminalOf(env).colour).toBe(colour);
  });

  it('rewrites no line for a robot', () => {
    expect(terminalOf({ CI: 'true' }).live).toBe(false);
  });
});
