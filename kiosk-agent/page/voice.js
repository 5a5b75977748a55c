// The voice: plays a view's files one after the other. Files lie under /voices/.

const STEPS = 5;
const AT_FIRST = 3;

export class Voice {
  #audio = new Audio();
  #files = [];
  #next = 0;
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

  /// From its beginning again.
  repeat() {
    this.#audio.pause();
    this.#next = 0;
    this.#playNext();
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
    const file = this.#files[this.#next];
    if (file === undefined) return;
    this.#next += 1;
    this.#audio.src = `/voices/${encodeURIComponent(file)}`;
    // A browser that is not in kiosk mode plays nothing before the first touch.
    this.#audio.play().catch(() => {});
  }
}
