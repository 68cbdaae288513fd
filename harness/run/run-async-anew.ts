/** A session cannot play this program as it was opened: it has to be opened in another way, and the program begun anew. Nothing is wrong with the target. */
export class StartAnew extends Error {
  override readonly name = 'StartAnew';
  /** Opens the same session again, empty. */
  readonly reopen: () => Promise<void>;

  constructor(reopen: () => Promise<void>) {
    super('the session has to be opened in another way');
    this.reopen = reopen;
  }
}
