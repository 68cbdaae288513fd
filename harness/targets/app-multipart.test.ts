import { describe, expect, it } from 'vitest';
import { hasWholePart } from './app-multipart.ts';

const STREAM = { 'content-type': 'multipart/x-mixed-replace; boundary=frame' };

function has(text: string, headers: { 'content-type'?: string } = STREAM): boolean {
  return hasWholePart([Buffer.from(text.slice(0, 5)), Buffer.from(text.slice(5))], headers);
}

describe('hasWholePart', () => {
  it('waits for the next boundary, or for as many bytes as the part says that it has', () => {
    expect(has('--frame\r\nContent-Type: image/jpeg\r\n\r\nABCDE\r\n')).toBe(false);
    expect(has('--frame\r\nContent-Type: image/jpeg\r\n\r\nABCDE\r\n--frame')).toBe(true);
    expect(has('--frame\r\nContent-Length: 5\r\n\r\nABCD')).toBe(false);
    expect(has('--frame\r\ncontent-length: 5\r\n\r\nABCDE')).toBe(true);
    expect(has('--frame\r\nContent-Length: 5')).toBe(false);
    expect(has('')).toBe(false);
  });

  it('reads the boundary as it is written', () => {
    const part = '--frame\r\nContent-Length: 1\r\n\r\nA';
    for (const type of ['multipart/x-mixed-replace;boundary="frame"', 'Multipart/X-Mixed-Replace; charset=x; boundary=--frame'])
      expect(has(part, { 'content-type': type })).toBe(true);
    expect(has(part, { 'content-type': 'multipart/x-mixed-replace; boundary=other' })).toBe(false);
  });

  it('is about no other answer', () => {
    for (const type of ['multipart/mixed; boundary=frame', 'text/html', 'multipart/x-mixed-replace'])
      expect(has('--frame\r\n\r\nABCDE\r\n--frame', { 'content-type': type })).toBe(false);
    expect(has('--frame\r\n\r\nABCDE\r\n--frame', {})).toBe(false);
  });
});
