import { LRUCache } from 'lru-cache';
import type { StoredAnswer } from './cdn.ts';

/** The answers that an edge keeps: by primary key, each with its variants (RFC 9111 section 4.1), and in order of use. */
export class CdnStore {
  /** By primary key; the latest variant last. */
  private readonly variants = new Map<string, StoredAnswer[]>();
  /** The same in order of use. What falls out here leaves the variants too. */
  private readonly recent: LRUCache<StoredAnswer, true>;

  /** `capacity`: how many answers fit; each variant of a resource counts. */
  constructor(capacity: number) {
    this.recent = new LRUCache({ max: capacity, dispose: (_, entry) => this.unlist(entry) });
  }

  /** What is stored under a primary key; the latest last. */
  under(key: string): readonly StoredAnswer[] | undefined {
    return this.variants.get(key);
  }

  /** All that is stored, what was used last first. */
  inOrderOfUse(): StoredAnswer[] {
    return [...this.recent.keys()];
  }

  used(entry: StoredAnswer): void {
    this.recent.get(entry);
  }

  /** Keeps an answer; `replaces` says which of the others under its key it makes superfluous. */
  add(entry: StoredAnswer, replaces: (old: StoredAnswer) => boolean): void {
    const variants = this.variants.get(entry.key);
    if (variants === undefined) this.variants.set(entry.key, [entry]);
    else {
      const replaced = variants.find(replaces);
      variants.push(entry);
      if (replaced !== undefined) this.recent.delete(replaced);
    }
    this.recent.set(entry, true);
  }

  /** Lets an answer go, where it is still there. */
  remove(entry: StoredAnswer): void {
    this.recent.delete(entry);
  }

  /** Lets go of every answer that falls. */
  removeWhere(falls: (entry: StoredAnswer) => boolean): void {
    for (const variants of this.variants.values()) removeFrom(this, variants, falls);
  }

  /** Lets go of all variants under a primary key. */
  removeUnder(key: string): void {
    const variants = this.variants.get(key);
    if (variants !== undefined) removeFrom(this, variants, () => true);
  }

  clear(): void {
    if (this.variants.size === 0) return;
    this.variants.clear();
    this.recent.clear();
  }

  private unlist(entry: StoredAnswer): void {
    const variants = this.variants.get(entry.key);
    if (variants === undefined) return;
    if (variants.length === 1) this.variants.delete(entry.key);
    else variants.splice(variants.indexOf(entry), 1);
  }
}

/** From the back: what is removed leaves the list. */
function removeFrom(store: CdnStore, variants: readonly StoredAnswer[], falls: (entry: StoredAnswer) => boolean): void {
  for (let index = variants.length - 1; index >= 0; index--) {
    const entry = variants[index]!;
    if (falls(entry)) store.remove(entry);
  }
}
