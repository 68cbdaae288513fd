import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, stderr } from 'node:process';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../models/domain/history.ts';
import type { Operation } from '../../models/domain/operation.ts';
import { PLAIN_WORLD } from '../../models/domain/world.ts';
import type { ReportDocument } from './document.ts';
import { htmlOf } from './html.ts';
import { revokedCounterexample, sampleDocument, strangerCounterexample, targetReport, violationReport } from './sample-document.laws.ts';

// The page in a real browser: what no reading of its text can say.
const PLACES = [env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((place) => place !== '' && existsSync(place));
const missing = executablePath === undefined ? 'there is no chromium (apt-get install chromium, or set CHROMIUM to its path)' : null;
const isRequired = env['KEYHOLE_REQUIRE_WIRE'] === '1';
if (missing !== null && !isRequired) stderr.write(`html.browser.test.ts is skipped: ${missing}\n`);

/** One pixel, grey. */
const PICTURE = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';
const EVIL = `</script><script>document.title = 'run'</script>"'><img src=x onerror="document.title = 'run'">\u202e\u0000`;

/** How many of these elements can be seen. What runs in the page is text, since this file knows no page. */
async function seen(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility({ visibilityProperty: true })).length`,
  );
}

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  readonly passes: readonly unknown[];
}

const OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true;";

/** A leak with the pictures that were received. */
function pictured(): ReportDocument {
  const plain = strangerCounterexample();
  const history = plain.history.flatMap((event): HistoryEvent[] =>
    event.event === 'answered' ? [event, { at: event.at, ms: event.ms, event: 'shown', call: event.call, picture: PICTURE }] : [event],
  );
  return sampleDocument([targetReport({ verdict: 'violated', violations: [violationReport({ ...plain, history })] })]);
}

/** Texts that attack the page, and ids as long as they may be. */
function hostile(): ReportDocument {
  const users = [EVIL, 'b'.repeat(200), 'carol', 'dave', 'erin'];
  const world = { ...PLAIN_WORLD, users, cameras: [{ id: `door${EVIL}`, owner: 0 }] };
  const plain = strangerCounterexample(world);
  const shares = [2, 3, 4].map((user): Operation => ({ op: 'share', camera: 0, user }));
  const crowded = { ...plain, program: { world, operations: [...plain.program.operations, ...shares] } };
  const violations = [violationReport(crowded, { title: EVIL, certificate: EVIL, explanation: EVIL, counterexample: EVIL })];
  const fields = { target: EVIL, title: EVIL, evidence: 'e'.repeat(400), reason: EVIL, situations: { ['s'.repeat(200)]: 123_456_789 } };
  return sampleDocument([targetReport({ ...fields, verdict: 'violated', violations }), targetReport(fields)]);
}

/** Two findings of one cause: the second is folded away. */
function folded(): ReportDocument {
  const first = violationReport(strangerCounterexample());
  const second = violationReport(revokedCounterexample(), { explanation: first.explanation, details: first.details });
  return sampleDocument([targetReport({ verdict: 'violated', violations: [first, second] })]);
}

const DOCUMENTS: readonly (readonly [string, ReportDocument])[] = [
  ['of many targets', sampleDocument()],
  ['of one target that leaks, with pictures', pictured()],
  ['of two findings of one cause', folded()],
  ['of one target that holds', sampleDocument([targetReport()])],
  ['of one target without a verdict', sampleDocument([sampleDocument().targets[1]!])],
  ['of hostile texts', hostile()],
];

describe.skipIf(missing !== null && !isRequired)('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyhole-html-'));
  const addresses = new Map(
    DOCUMENTS.map(([name, document], place) => {
      const path = join(folder, `${place}.html`);
      writeFileSync(path, htmlOf(document, { command: 'keyhole' }));
      return [name, pathToFileURL(path).href];
    }),
  );
  let browser: Browser;
  const complaints: string[] = [];

  /** Opens one of the documents. Whatever the browser complains about, and whatever it asks for beside the file, is a complaint. */
  async function open(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== addresses.get(name) && !request.url().startsWith('data:image/')) complaints.push(request.url());
    });
    await page.goto(addresses.get(name)!);
    return page;
  }

  beforeAll(async () => {
    if (missing !== null) throw new Error(missing);
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    if (complaints.length > 0) throw new Error(complaints.splice(0).join('\n'));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  describe.each(DOCUMENTS.map(([name]) => name))('%s', (name) => {
    it('has nothing that axe objects to, in light and in dark', async () => {
      const page = await open(name);
      await page.evaluate(OPEN_ALL);
      await page.evaluate(axe.source);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const found = await page.evaluate<AxeResults>("axe.run({ resultTypes: ['violations'] })");
        expect(found.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
        expect(found.passes.length).toBeGreaterThan(15);
      }
    });

    it('is never wider than what it is shown on', async () => {
      const page = await open(name);
      await page.evaluate(OPEN_ALL);
      for (const width of [320, 390, 700, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    });
  });

  it('is readable without scripts, and has no buttons then', async () => {
    const page = await open('of many targets', { javaScriptEnabled: false });
    const story = page.locator('.story').first();
    await story.getByText('alice asks for camera door').waitFor();
    await story.getByText('bob never owned door').waitFor();
    expect(await seen(page, 'button')).toBe(0);
    expect(await seen(page, '.step')).toBe(7);
    await page.locator('summary').first().click();
    await page.getByText('The rules, and whether they were checked').first().waitFor();
  });

  it('runs nothing that a report says', async () => {
    const page = await open('of hostile texts');
    expect(await page.title()).not.toBe('run');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
  });

  it('shows pictures as they were received', async () => {
    const page = await open('of one target that leaks, with pictures');
    const widths = await page.evaluate("[...document.querySelectorAll('img.picture')].map((image) => image.naturalWidth)");
    expect(widths).toEqual([1, 1, 1]);
  });

  describe('a finding of a cause that was told already', () => {
    const steps = '#target-1-finding-2-step-1, #target-1-finding-2-step-5';

    it('is folded away behind a heading, and opens by keyboard, also without scripts', async () => {
      const page = await open('of two findings of one cause', { javaScriptEnabled: false });
      expect([await seen(page, '.step'), await seen(page, 'h3')]).toEqual([2, 2]);
      await page.locator('.folded summary').focus();
      await page.keyboard.press('Enter');
      expect([await seen(page, '.step'), await seen(page, steps)]).toEqual([7, 2]);
    });

    it('says to a screen reader what it is and whether it is open', async () => {
      const page = await open('of two findings of one cause');
      await page.getByRole('article', { name: /^bob received a frame of door, which belongs to alice, after/ }).waitFor();
      const heading = page.getByRole('heading', { level: 3, name: /after the right to it had been withdrawn/ });
      expect(await heading.isVisible()).toBe(true);
      await heading.click();
      expect(await seen(page, steps)).toBe(2);
    });

    it('opens where an address leads into it', async () => {
      const page = await open('of two findings of one cause');
      for (const place of ['target-1-finding-2-step-5', 'target-1-finding-2']) {
        await page.goto('about:blank');
        await page.goto(`${addresses.get('of two findings of one cause')!}#${place}`);
        expect(await seen(page, steps), place).toBe(2);
      }
    });

    it('is not stepped through by the arrow keys of the page while it is closed', async () => {
      const page = await open('of two findings of one cause', { viewport: { width: 1280, height: 600 } });
      // What is folded away has a place all the same: under what comes next.
      const covers = await page.evaluate(`(() => {
        const rectangle = () => document.querySelector('.folded .story').getBoundingClientRect();
        scrollBy(0, rectangle().top + rectangle().height / 2 - innerHeight / 2);
        return rectangle().top < innerHeight / 2 && rectangle().bottom > innerHeight / 2;
      })()`);
      expect(covers).toBe(true);
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('.folded .now').count()).toBe(0);
    });
  });

  describe('stepping through a story', () => {
    /** Of the second finding of the sample, which has five steps: how many can be seen, and where the reader stands. */
    const shown = async (page: Page): Promise<number> => seen(page, '#target-1-finding-2 ~ .story .step');
    const second = (page: Page): Locator => page.locator('.story').nth(1);

    it('goes by buttons, one step at a time, and back to all', async () => {
      const page = await open('of many targets');
      const place = async (): Promise<string | null> => second(page).locator('.place').textContent();
      const press = async (name: string): Promise<void> => second(page).getByRole('button', { name }).click();
      expect([await shown(page), await place()]).toEqual([5, '']);
      await press('Next');
      expect([await shown(page), await place()]).toEqual([1, 'Step 1 of 5']);
      await press('Next');
      expect([await shown(page), await place()]).toEqual([2, 'Step 2 of 5']);
      await press('Last');
      expect([await shown(page), await place()]).toEqual([5, 'Step 5 of 5']);
      await press('Back');
      expect([await shown(page), await place()]).toEqual([4, 'Step 4 of 5']);
      await press('First');
      expect([await shown(page), await place()]).toEqual([1, 'Step 1 of 5']);
      expect(await page.locator('[aria-current=step]').getAttribute('id')).toBe('target-1-finding-2-step-1');
      await press('All');
      expect([await shown(page), await place()]).toEqual([5, '']);
    });

    it('goes by keys while the story has the focus, and keeps the step in the address', async () => {
      const page = await open('of many targets');
      await second(page).focus();
      for (const [key, expected] of [
        ['j', 1],
        ['ArrowRight', 2],
        ['ArrowDown', 3],
        ['k', 2],
        ['ArrowLeft', 1],
        ['ArrowUp', 1],
        ['End', 5],
        ['ArrowRight', 5],
        ['Home', 1],
        ['j', 2],
      ] as const) {
        await page.keyboard.press(key);
        expect(await shown(page), key).toBe(expected);
      }
      expect(new URL(page.url()).hash).toBe('#target-1-finding-2-step-2');
      await page.reload();
      expect(await page.locator('.now').getAttribute('id')).toBe('target-1-finding-2-step-2');
      expect(await shown(page)).toBe(5);
      await second(page).focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Escape');
      expect(await shown(page)).toBe(5);
    });

    it('takes only arrows from the rest of the page, and no letter that somebody types for something else', async () => {
      const page = await open('of many targets');
      await page.evaluate("document.querySelectorAll('.story')[1].scrollIntoView({ block: 'center' });");
      await page.keyboard.press('j');
      await page.keyboard.press('Control+ArrowRight');
      expect(await shown(page)).toBe(5);
      await page.keyboard.press('ArrowRight');
      expect(await shown(page)).toBe(1);
    });
  });

  it('copies the command that replays a finding', async () => {
    const page = await open('of many targets', { permissions: ['clipboard-read', 'clipboard-write'] });
    const command = page.locator('.command').first();
    await command.getByRole('button').click();
    await command.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await command.locator('code').textContent());
  });

  it('prints everything on white, also what is folded away and what a step hides', async () => {
    const page = await open('of many targets', { colorScheme: 'dark' });
    await page.locator('.story').first().getByRole('button', { name: 'First' }).click();
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await seen(page, '.step')).toBe(7);
    expect(await seen(page, '.situations')).toBe(4);
    expect(await page.evaluate("document.querySelector('.situations').getBoundingClientRect().height")).toBeGreaterThan(100);
    expect(await seen(page, 'button')).toBe(0);
    const paper = await page.pdf({ format: 'A4' });
    expect(paper.subarray(0, 5).toString()).toBe('%PDF-');
  });
});
