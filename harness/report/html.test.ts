import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import { htmlOf } from './html.ts';
import { html, Markup } from './markup.ts';
import { sampleDocument, strangerCounterexample, targetReport, violationReport } from './sample-document.laws.ts';

const OPTIONS = { command: 'npm run keyhole --' };

describe('html', () => {
  it('escapes every value that is not markup', () => {
    expect(html`<p title="${'"x"'}">${'<b>'}${[1, html`<i>${'&'}</i>`, null]}</p>`.text).toBe('<p title="&quot;x&quot;">&lt;b&gt;1<i>&amp;</i></p>');
    expect(html`${new Markup('<b>')}`.text).toBe('<b>');
  });
});

describe('htmlOf', () => {
  const page = htmlOf(sampleDocument(), OPTIONS);

  it('needs nothing from outside and allows nothing but its own style', () => {
    const style = /<style>([^]*?)<\/style>/.exec(page)![1]!;
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`.replaceAll('&#39;', "'"));
    expect(page).not.toMatch(/<script|<link|<img|<iframe|style="|https?:|javascript:|\son[a-z]+=/i);
    expect(style).not.toMatch(/@import|url\(/);
  });

  it('says the verdict and the worst finding first', () => {
    expect(page.indexOf('<h1>1 of 4 targets hands camera frames to people who must not see them.</h1>')).toBeGreaterThan(0);
    expect(page).toContain('<p class="worst">In lookaside-unchecked, bob received a frame of door, which belongs to alice.</p>');
    expect(page.indexOf('class="worst"')).toBeLessThan(page.indexOf('id="results"'));
  });

  it('tells each violation as an ordered list in which the leak points to where the copy came in', () => {
    const id = 'target-1-finding-1';
    expect(page).toContain(`<li class="plant" id="${id}-step-1">`);
    expect(page).toContain(`<li class="leak" id="${id}-step-2">`);
    expect(page).toContain(`<a href="#${id}-step-1">step 1</a>`);
    expect(page.match(/<ol class="story">/g)).toHaveLength(2);
  });

  it('has ids that are unique, and links that lead somewhere', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('closes what it opens, and has headings in order, a language, captions and scopes', () => {
    const tags = [...page.replace(/<style>[^]*<\/style>/, '').matchAll(/<(\/?)([a-z][a-z0-9]*)/g)].filter(([, , name]) => name !== 'meta' && name !== 'br');
    const open: string[] = [];
    const crossed = tags.filter(([, slash, name]) => (slash === '' ? open.push(name!) === 0 : open.pop() !== name));
    expect([crossed, open]).toEqual([[], []]);
    expect(page).toContain('<html lang="en">');
    expect(page.match(/<table/g)!.length).toBe(page.match(/<caption>/g)!.length);
    expect(page).not.toMatch(/<th(?![^>]*scope=)[ >]/);
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.every((level, place) => level <= (levels[place - 1] ?? 0) + 1)).toBe(true);
  });

  it('ends with how to see each violation again, the seed and the versions', () => {
    expect(page.match(/<pre><code>npm run keyhole -- replay \.keyhole\/ce-[0-9a-f]{12}\.json<\/code><\/pre>/g)).toHaveLength(2);
    expect(page).toMatch(/<footer>[^]*Seed 42 \(keyhole 0\.1\.0, Node 20\.20\.2/);
  });

  it('says which situation was needed and never occurred', () => {
    expect(page).toContain('hit <span class="verdict unsure">needed, and never occurred</span>');
  });

  it('shows hostile texts and runs none of them', () => {
    const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>\u001b[31m\u202e\u0000`;
    const world = { ...PLAIN_WORLD, users: [evil, 'bob'], cameras: [{ id: `door${evil}`, owner: 0 }] };
    const counterexample = strangerCounterexample(world);
    const violation = violationReport(counterexample, {
      title: evil,
      certificate: evil,
      explanation: evil,
      counterexample: evil,
      details: { ...counterexample.explanation, matters: [evil], indifferent: [evil] },
    });
    const fields = {
      target: evil,
      title: evil,
      evidence: evil,
      reason: evil,
      advice: [evil],
      worth: evil,
      missing: [evil],
      situations: { [evil]: 1 },
      properties: [{ id: evil, title: evil, checked: false, note: evil }],
    };
    const document = sampleDocument([targetReport({ ...fields, verdict: 'violated', violations: [violation] }), targetReport(fields)]);
    const hostile = htmlOf({ ...document, volatile: { startedAt: evil, seconds: 1, node: evil, platform: evil } }, { command: evil });
    expect(hostile).not.toMatch(/<script|<img/);
    expect(hostile).toContain('&lt;script&gt;');
    expect(hostile).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    expect(page.length).toBeLessThan(60_000);
  });

  it('says so where the counterexample is gone', () => {
    const counterexample = strangerCounterexample();
    const gone = { ...counterexample, program: { ...counterexample.program, operations: [] }, history: [] };
    const text = htmlOf(sampleDocument([targetReport({ verdict: 'violated', violations: [violationReport(gone)] })]), OPTIONS);
    expect(text).toContain('the counterexample is not at hand');
    expect(text).not.toContain('alice owns');
  });

  it('is a function of its document', () => {
    expect(htmlOf(sampleDocument(), OPTIONS)).toBe(page);
  });
});
