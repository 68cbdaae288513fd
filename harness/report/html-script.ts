/**
 * The script of the HTML report: stepping through stories and copying commands. Without it everything is readable. It makes no
 * markup, so nothing that a report says can become any. It stands in the page and is allowed there by its hash.
 */
export const SCRIPT = `
'use strict';
(() => {
  const stories = [...document.querySelectorAll('[data-story]')].map((box) => {
    const steps = [...box.querySelectorAll('li[data-step]')];
    const player = box.querySelector('.player');
    const place = box.querySelector('.place');
    // 0: all steps are shown and none is looked at.
    const story = { box, at: 0, show, go };
    function show(at) {
      story.at = Math.max(0, Math.min(steps.length, at));
      box.classList.toggle('stepping', story.at > 0);
      steps.forEach((step, index) => {
        step.classList.toggle('now', index + 1 === story.at);
        step.classList.toggle('later', story.at > 0 && index + 1 > story.at);
        if (index + 1 === story.at) step.setAttribute('aria-current', 'step');
        else step.removeAttribute('aria-current');
      });
      place.textContent = story.at === 0 ? '' : 'Step ' + story.at + ' of ' + steps.length;
      if (story.at === 0) return;
      const step = steps[story.at - 1];
      step.scrollIntoView({ block: 'nearest' });
      if (step.id !== '') remember('#' + step.id);
    }
    function go(where) {
      if (where === 'first') show(1);
      else if (where === 'last') show(steps.length);
      else if (where === 'next') show(story.at + 1);
      else if (where === 'back') show(story.at === 0 ? steps.length : Math.max(1, story.at - 1));
      else show(0);
    }
    player.hidden = false;
    player.addEventListener('click', (event) => {
      const button = event.target.closest('[data-go]');
      if (button !== null) go(button.dataset.go);
    });
    return story;
  });

  function remember(hash) {
    try {
      history.replaceState(null, '', hash);
    } catch {
      // Some viewers of files allow no history. Stepping works all the same.
    }
  }

  const KEYS = { ArrowRight: 'next', ArrowLeft: 'back' };
  // Letters, and keys that scroll a page, belong to a story only while it has the focus.
  const INNER_KEYS = { ...KEYS, ArrowDown: 'next', ArrowUp: 'back', j: 'next', k: 'back', Home: 'first', End: 'last', Escape: 'all' };

  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const inner = stories.find((story) => story.box.contains(event.target));
    const story = inner ?? (event.target === document.body ? inView() : undefined);
    const where = (inner === undefined ? KEYS : INNER_KEYS)[event.key];
    if (story === undefined || where === undefined) return;
    event.preventDefault();
    if (inner === undefined) story.box.focus({ preventScroll: true });
    story.go(where);
  });

  function inView() {
    const middle = innerHeight / 2;
    return stories.find((story) => {
      if (story.box.closest('details:not([open])') !== null) return false;
      const { top, bottom } = story.box.getBoundingClientRect();
      return top < middle && bottom > middle;
    });
  }

  const asked = decodeURIComponent(location.hash.slice(1));
  const target = asked === '' ? null : document.getElementById(asked);
  if (target !== null && target.matches('li[data-step]')) target.classList.add('now');
  for (let box = target?.closest('details') ?? null; box !== null; box = box.parentElement.closest('details')) box.open = true;

  for (const button of document.querySelectorAll('[data-copy]')) {
    const code = button.parentElement.querySelector('code');
    button.hidden = false;
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = 'Selected: press Ctrl+C';
      }
    });
  }

  // Paper has nothing to click on.
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')];
    for (const one of closed) one.open = true;
  });
  addEventListener('afterprint', () => {
    for (const one of closed) one.open = false;
  });
})();
`;
