import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../models/domain/history.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { Counterexample, ReportDocument } from './document.ts';
import { htmlOf } from './html.ts';
import { jsonOf } from './json.ts';
import { html, Markup } from './markup.ts';
import { prettyJson } from './pretty-json.ts';
import {
  answered,
  ask,
  asked,
  historyOf,
  revokedCounterexample,
  sampleDocument,
  strangerCounterexample,
  targetReport,
  violation,
  violationReport,
} from './sample-document.laws.ts';

const OPTIONS = { command: 'npm run keyhole --' };
const PICTURE = `data:image/jpeg;base64,/9j/4${'A'.repeat(20_000)}==`;

function sha256(text: string, encoding: 'hex' | 'base64'): string {
  return createHash('sha256').update(text).digest(encoding);
}

/** Everybody asks again and again, and at the end bob receives what is alice's; each with the picture where one is given. */
function longCounterexample(steps: number, picture: string | null): Counterexample {
  const operations = Array.from({ length: steps }, (_, place) => ask(place === steps - 1 ? 1 : 0, 0));
  const history = historyOf(
    operations.map((operation, call) => ({
      operation,
      events: [
        asked(call, call === steps - 1 ? 1 : 0, 0),
        answered(call, {}),
        ...(picture === null ? [] : [{ event: 'shown' as const, call, picture }]),
        ...(call === steps - 1 ? [violation(call, 'KH001', 'stranger')] : []),
      ],
    })),
  );
  const plain = strangerCounterexample();
  return { ...plain, program: { ...plain.program, operations }, history };
}

function leaking(evidence: Counterexample): ReportDocument {
  return sampleDocument([targetReport({ verdict: 'violated', violations: [violationReport(evidence)] })]);
}

describe('html', () => {
  it('escapes every value that is not markup', () => {
    expect(html`<p title="${'"x"'}">${'<b>'}${[1, html`<i>${'&'}</i>`, null]}</p>`.text).toBe('<p title="&quot;x&quot;">&lt;b&gt;1<i>&amp;</i></p>');
    expect(html`${new Markup('<b>')}`.text).toBe('<b>');
  });
});

describe('htmlOf', () => {
  const page = htmlOf(sampleDocument(), OPTIONS);

  it('needs nothing from outside and allows nothing but its own style, its own script and the pictures in it', () => {
    const style = /<style>([^]*?)<\/style>/.exec(page)![1]!;
    const script = /<script>([^]*?)<\/script>/.exec(page)![1]!;
    const policy = `default-src 'none'; style-src 'sha256-${sha256(style, 'base64')}'; script-src 'sha256-${sha256(script, 'base64')}'; img-src data:;`;
    expect(page).toContain(`content="${policy} base-uri 'none'; form-action 'none'"`);
    expect(page.match(/<(?:style|script)/g)).toEqual(['<style', '<script']);
    expect(page.replace(script, '')).not.toMatch(/<link|<iframe|<use|style="|https?:|javascript:|\son[a-z]+=/i);
    expect(style).not.toMatch(/@import|url\(/);
    expect(script).not.toMatch(/innerHTML|insertAdjacent|document\.write|eval|fetch|XMLHttp|import/);
  });

  it('says the verdict, what it rests on and the worst finding first', () => {
    expect(page).toContain('<h1>1 of 4 targets hands camera frames to people who must not see them.</h1>');
    expect(page).toContain('This rests on 6,616 made-up programs (131,085 operations) on 4 targets. A kept answer was handed out again 60,342 times');
    expect(page).toMatch(
      /<span class="severity critical">critical<\/span> <span>lookaside-unchecked: <a href="#target-1-finding-1">bob received a frame of door, which belongs to alice\.<\/a>/,
    );
    expect(page.indexOf('class="worst"')).toBeLessThan(page.indexOf('id="results"'));
  });

  it('says of a single target what answered, why there is no verdict, and folds nothing away', () => {
    const [, inconclusive] = sampleDocument().targets;
    const text = htmlOf(sampleDocument([inconclusive!]), OPTIONS);
    expect(text).toContain('what answered: apicache 1.6.3 from npm, in process, in-memory store. No kept answer was ever handed out again');
    expect(text).toContain('<p class="open-reason">Nothing leaked, but that means little: hit never occurred in 400 programs.</p>');
    expect(text).toContain('<details open>');
    expect(text).not.toContain('id="results"');
    expect(page).not.toContain('<details open>');
    expect(page).toContain('<p class="open-reason">No verdict on redis-behind-proxy: The target is at fault: it answered one call twice.</p>');
  });

  it('says of a green what it claims and what it does not', () => {
    expect(page).toContain('<li>1000 independent programs, no leak');
    expect(page).toContain('<li>KH005 Nothing through a disabled channel was not checked. The target declares no channels.</li>');
    expect(page).toContain('<li>KH001 does not see: Frames whose mark cannot be read;');
    expect(page.match(/What it does not say/g)).toHaveLength(1);
  });

  it('tells each violation as an ordered list in which the leak points to where the copy came in', () => {
    const id = 'target-1-finding-1';
    expect(page).toContain(`<li class="step plant" data-step="1" id="${id}-step-1">`);
    expect(page).toContain(`<li class="step leak" data-step="2" id="${id}-step-2">`);
    expect(page).toContain(`the copy of <a href="#${id}-step-1">step 1</a> is handed out`);
    expect(page.match(/<ol class="steps">/g)).toHaveLength(2);
    expect(page).toContain('door belonged to alice, was shared with nobody, and was not public');
  });

  it('folds away what has the cause of an earlier finding, and names it by its headline', () => {
    const first = violationReport(strangerCounterexample());
    const alike = violationReport(revokedCounterexample(), { explanation: first.explanation, details: first.details });
    const other = violationReport(revokedCounterexample());
    const grouped = htmlOf(sampleDocument([targetReport({ verdict: 'violated', violations: [first, other, alike] })]), OPTIONS);
    expect(grouped.match(/<article class="finding folded"/g)).toHaveLength(1);
    expect(grouped).toMatch(/<details>\n<summary>[^]*?KH002 [^]*?5 steps<\/span> <h3 id="target-1-finding-3">bob received [^]*?<\/h3><\/summary>/);
    expect(grouped.indexOf('target-1-finding-3"')).toBeLessThan(grouped.indexOf('id="target-1-finding-2"'));
    expect(grouped).toContain('id="target-1-finding-3-step-5"');
    expect(grouped.match(/<li><span class="severity/g)).toHaveLength(2);
    expect(grouped).toContain('One further finding stands below.');
    expect(page).not.toContain('class="finding folded"');
  });

  it('says what to do with an answer that is meant to hold several pictures, and only there', () => {
    const torn = violationReport(strangerCounterexample(), { property: 'KH006' });
    const text = htmlOf(sampleDocument([targetReport({ verdict: 'violated', violations: [torn] })]), OPTIONS);
    expect(text).toContain('<dt>Meant so?</dt><dd>What is to hold several pictures (a grid, a list) is checked picture by picture');
    expect(page).not.toContain('Meant so?');
  });

  it('draws each step in lanes, with the stay of the copy in the cache from where it came in to where it goes out', () => {
    const chunks = [...page.matchAll(/<svg class="chunk"[^]*?<\/svg>/g)].map(([chunk]) => chunk);
    expect(chunks).toHaveLength(7);
    expect(chunks[0]).toMatch(/<text class="name"[^>]*>alice<\/text>[^]*<text class="name"[^>]*>origin<\/text>/);
    expect(chunks[0]).toMatch(/<g class="plant">[^]*>frame for alice<\/text>/);
    expect(chunks[1]).toMatch(/<g class="leak">[^]*>alice&#39;s door<\/text>/);
    expect(chunks.map((chunk) => chunk.includes('class="stay"'))).toEqual([true, true, false, true, true, true, true]);
  });

  it('shows the pictures that were received, and draws the mark where there is none', () => {
    const plain = strangerCounterexample();
    const history = plain.history.flatMap((event): HistoryEvent[] =>
      event.event === 'answered' ? [event, { at: event.at, ms: event.ms, event: 'shown', call: event.call, picture: PICTURE }] : [event],
    );
    const shown = htmlOf(leaking({ ...plain, history }), OPTIONS);
    expect(shown.match(/<img class="picture" src="data:image\/jpeg;base64,/g)).toHaveLength(3);
    expect(shown).not.toContain('class="drawing"');
    expect(page.match(/<svg class="drawing"/g)).toHaveLength(6);
  });

  it('stays small and says what it left out, however long the story and however many the targets', () => {
    const long = leaking(longCounterexample(500, PICTURE));
    const text = htmlOf(long, OPTIONS);
    expect(text.length).toBeLessThan(1_000_000);
    expect(/<li class="gap soft">([^<]*)/.exec(text)![1]).toMatch(/^Steps 41 to 460 are left out here to keep this page small/);
    expect(text).toContain('id="target-1-finding-1-step-1"');
    expect(text).toContain('<li class="step leak" data-step="500" id="target-1-finding-1-step-500">');
  });

  it('leaves out whole targets where there are too many, and links only to what there is', () => {
    const [target] = leaking(longCounterexample(500, PICTURE)).targets;
    const crowded = htmlOf(sampleDocument(Array.from({ length: 300 }, () => target!)), OPTIONS);
    expect(Buffer.byteLength(crowded)).toBeLessThanOrEqual(5_000_000);
    expect(/<p>\d+ further targets have [^<]*/.exec(crowded)![0]).toContain('no room in this page; report.json holds them all.');
    expect(crowded.includes('The picture itself is left out here to keep this page small')).toBe(true);
    const ids = new Set([...crowded.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    expect([...crowded.matchAll(/href="#([^"]+)"/g)].filter(([, id]) => !ids.has(id))).toEqual([]);
  });

  it('has ids that are unique, and links that lead somewhere', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of page.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('closes what it opens, and has headings in order, a language, captions and scopes', () => {
    const body = page.replace(/<style>[^]*<\/style>/, '').replace(/<script>[^]*<\/script>/, '');
    const empty = new Set(['meta', 'br', 'img']);
    const tags = [...body.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)].filter(([, , name, closed]) => !empty.has(name!) && closed === '');
    const open: string[] = [];
    const crossed = tags.filter(([, slash, name]) => (slash === '' ? open.push(name!) === 0 : open.pop() !== name));
    expect([crossed, open]).toEqual([[], []]);
    expect(page).toContain('<html lang="en">');
    expect(page.match(/<table/g)!.length).toBe(page.match(/<caption>/g)!.length);
    expect(page).not.toMatch(/<th(?![^>]*scope=)[ >]/);
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.every((level, place) => level <= (levels[place - 1] ?? 0) + 1)).toBe(true);
  });

  it('tells how to see each violation again, and by which hash its file is known', () => {
    expect(page.match(/<code>npm run keyhole -- replay \.keyhole\/ce-[0-9a-f]{12}\.json<\/code>/g)).toHaveLength(2);
    expect(page).toContain(`SHA-256 of the file: <code>${sha256(prettyJson(strangerCounterexample()), 'hex')}</code>`);
  });

  it('says which situation was needed and never occurred, and what it means', () => {
    expect(page).toMatch(
      /Answer from the cache<br><code>hit<\/code> <span class="verdict unsure">needed, and never occurred<\/span><\/th><td[^>]*>The same copy/,
    );
  });

  it('keeps what differs from run to run in one place', () => {
    const document = sampleDocument();
    const targets = document.targets.map((target) => ({ ...target, seconds: target.seconds + 1 }));
    const again = htmlOf(
      { ...document, targets, volatile: { startedAt: '2027-01-01T00:00:00.000Z', seconds: 99, node: '24.0.0', platform: 'plan9' } },
      OPTIONS,
    );
    const run = /<section aria-labelledby="run">[^]*?<\/section>/;
    expect(again.replace(run, '')).toBe(page.replace(run, ''));
    expect(run.exec(page)![0]).toMatch(/Exit code<\/dt><dd>1: [^]*Seed<\/dt><dd>42<[^]*<dd>0\.1\.0<[^]*20\.20\.2 on linux x64/);
    expect(run.exec(page)![0]).toContain(sha256(jsonOf(document), 'hex'));
  });

  it('shows hostile texts and runs none of them', () => {
    const evil = `</script></style><script>alert(1)</script>"'><img src=x onerror=alert(1)>\u001b[31m\u202e\u0000`;
    const world = { ...PLAIN_WORLD, users: [evil, 'bob'], cameras: [{ id: `door${evil}`, owner: 0 }] };
    const counterexample = strangerCounterexample(world);
    const violations = [
      violationReport(counterexample, {
        title: evil,
        certificate: evil,
        explanation: evil,
        counterexample: evil,
        details: { ...counterexample.explanation, matters: [evil], indifferent: [evil] },
      }),
    ];
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
    const document = sampleDocument([
      targetReport({ ...fields, verdict: 'violated', violations }),
      targetReport(fields),
      targetReport({ ...fields, verdict: 'inconclusive' }),
    ]);
    for (const targets of [document.targets, ...document.targets.map((target) => [target])]) {
      const hostile = htmlOf({ ...document, targets, volatile: { startedAt: evil, seconds: 1, node: evil, platform: evil } }, { command: evil });
      expect(hostile.match(/<script|<\/script|<\/style|<img/g)).toEqual(['</style', '<script', '</script']);
      expect(hostile).toContain('&lt;script&gt;');
      expect(hostile).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    }
  });

  it('says so where the counterexample is gone', () => {
    const counterexample = strangerCounterexample();
    const gone = { ...counterexample, program: { ...counterexample.program, operations: [] }, history: [] };
    const text = htmlOf(leaking(gone), OPTIONS);
    expect(text).toContain('the counterexample is not at hand');
    expect(text).not.toContain('alice owns');
  });

  it('says that nothing was checked where nothing was', () => {
    expect(htmlOf(sampleDocument([]), OPTIONS)).toContain('<h1>Nothing was checked.</h1>');
  });

  it('is a function of its document', () => {
    expect(htmlOf(sampleDocument(), OPTIONS)).toBe(page);
  });
});
