/**
 * One reading for all who ask while another is on its way: requests that come at one time share the
 * way to the database and back. Each gets what was begun after it asked, so that a write that came
 * before shows.
 */
export class Together<Key, Value> {
  readonly #read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  #running: Promise<unknown> = Promise.resolve();
  #waiting:
    | { readonly keys: Set<Key>; readonly values: Promise<ReadonlyMap<Key, Value>> }
    | undefined;

  constructor(read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>) {
    this.#read = read;
  }

  /** What the reading finds for the key; undefined where it finds nothing. */
  async next(key: Key): Promise<Value | undefined> {
    this.#waiting ??= this.#begin();
    const { keys, values } = this.#waiting;
    keys.add(key);
    return (await values).get(key);
  }

  #begin() {
    const keys = new Set<Key>();
    const values = this.#running.then(() => {
      this.#waiting = undefined;
      const reading = this.#read([...keys]);
      this.#running = reading.catch(() => undefined);
      return reading;
    });
    return { keys, values };
  }
}
