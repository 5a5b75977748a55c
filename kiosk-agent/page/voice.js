// The voice: plays a view's files one after the other. Files lie under /voices/; the few that are
// needed without the agent are fetched while it is there.

const STEPS = 5;
const AT_FIRST = 3;

export class Voice {
  #audio = new Audio();
  #files = [];
  #queue = [];
  #kept = new Map();
  #volume = AT_FIRST;

  constructor() {
    this.#audio.addEventListener("ended", () => this.#playNext());
    // A file that cannot be played is passed over: the screen says the same.
    this.#audio.addEventListener("error", () => this.#playNext());
    this.#setVolume(AT_FIRST);
  }

  /// Says something else from now on; an empty list is silence.
  say(files) {
    this.#files = files;
    this.repeat();
  }

  /// From its beginning again, and then these.
  repeat(...more) {
    this.insert([...this.#files, ...more]);
  }

  /// Says this now, once; what is said again later is still the screen's own.
  insert(files) {
    this.#audio.pause();
    this.#queue = [...files];
    this.#playNext();
  }

  /// Fetches files that are to be said when nobody serves them any more.
  async keep(files) {
    for (const file of files) {
      if (this.#kept.has(file)) continue;
      this.#kept.set(file, null);
      try {
        const { ok, blob } = await fetched(file);
        if (ok) this.#kept.set(file, URL.createObjectURL(blob));
        else this.#kept.delete(file);
      } catch {
        this.#kept.delete(file);
      }
    }
  }

  /// One step louder or softer; never so soft that it is silent.
  change(steps) {
    this.#setVolume(this.#volume + steps);
    if (this.#audio.paused) this.repeat();
  }

  /// As at first, for whoever comes next.
  reset() {
    this.#setVolume(AT_FIRST);
  }

  /// The volume, from 1 to 5.
  get volume() {
    return this.#volume;
  }

  #setVolume(volume) {
    this.#volume = Math.min(STEPS, Math.max(1, volume));
    this.#audio.volume = this.#volume / STEPS;
  }

  #playNext() {
    const file = this.#queue.shift();
    if (file === undefined) return;
    this.#audio.src = this.#kept.get(file) ?? address(file);
    // A browser that is not in kiosk mode plays nothing before the first touch.
    this.#audio.play().catch(() => {});
  }
}

const address = (file) => `/voices/${encodeURIComponent(file)}`;

async function fetched(file) {
  const answer = await fetch(address(file));
  return { ok: answer.ok, blob: await answer.blob() };
}
