import { describe, expect, it } from 'vitest';
import { checkOptions } from './options.ts';

const open = (): void => {};

describe('checkOptions', () => {
  it('takes what a target needs, and anything that it may have besides', () => {
    for (const options of [
      {},
      { title: 'A cache', runs: 5, hooks: ['invalidate', 'close'], frames: 'picture', capabilities: { channels: false }, evidence: undefined },
    ])
      expect(() => checkOptions('functionTarget', { name: 'mine', open, ...options })).not.toThrow();
    const start = [null, open, { host: '127.0.0.1', port: 80, originPort: 81 }];
    for (const way of start) expect(() => checkOptions('proxyTarget', { name: 'mine', start: way, evidence: { server: 'nginx' } })).not.toThrow();
  });

  it('names the option that is missing, and says what it has to be', () => {
    expect(() => checkOptions('clientTarget', undefined)).toThrow('clientTarget takes one object with its options.');
    expect(() => checkOptions('functionTarget', { open })).toThrow('functionTarget needs the option "name": a text that is not empty.');
    expect(() => checkOptions('appTarget', { name: 'mine' })).toThrow('mine: appTarget needs the option "build": a function.');
    expect(() => checkOptions('proxyTarget', { name: 'mine', start: null })).toThrow('mine: proxyTarget needs the option "evidence"');
  });

  it('lets no mistyped option pass in silence', () => {
    expect(() => checkOptions('functionTarget', { name: 'mine', open, hook: [] })).toThrow('mine: functionTarget has no option "hook". It has name, open,');
    expect(() => checkOptions('proxyTarget, evidence', { servr: 'nginx' })).toThrow('proxyTarget, evidence has no option "servr".');
    for (const options of [
      { capabilities: { concurent: true } },
      { hooks: ['invalidated'] },
      { hooks: 'restart' },
      { runs: '5' },
      { runs: 0 },
      { frames: 'jpeg' },
    ])
      expect(() => checkOptions('functionTarget', { name: 'mine', open, ...options })).toThrow(
        `mine: the option "${Object.keys(options)[0]}" of functionTarget has to be `,
      );
    expect(() => checkOptions('proxyTarget', { name: 'mine', start: { host: 'a' }, evidence: {} })).toThrow('has to be a function that starts the server');
  });
});
