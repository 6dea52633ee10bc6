// @ts-check
// Whether the page sticks to the end. This is a mode, set by what the reader does and never worked out from
// where the list happens to be scrolled: programs scroll too, and taking their scrolling for the reader's is how
// log pages lose the end, or will not let go of it.

/** @typedef {'reader' | 'selecting'} PauseReason */

/** Landing this close to the end after scrolling by hand means the end, in px. */
const CLOSE_TO_END = 4;

export class Following extends EventTarget {
  #lines;
  #isFollowing = true;
  /** @type {PauseReason} */
  #reason = 'reader';
  #hasGesture = false;
  #linesAtPause = 0;
  #errorsAtPause = 0;

  /** @param {{received: number, receivedErrors: number}} lines */
  constructor(lines) {
    super();
    this.#lines = lines;
  }

  get isFollowing() {
    return this.#isFollowing;
  }

  get isSelecting() {
    return !this.#isFollowing && this.#reason === 'selecting';
  }

  /** Lines that came since the page was paused. */
  get newLines() {
    return this.#isFollowing ? 0 : Math.max(this.#lines.received - this.#linesAtPause, 0);
  }

  get newErrors() {
    return this.#isFollowing ? 0 : Math.max(this.#lines.receivedErrors - this.#errorsAtPause, 0);
  }

  follow() {
    this.#hasGesture = false;
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    this.#changed();
  }

  /** @param {PauseReason} [reason] */
  pause(reason = 'reader') {
    if (!this.#isFollowing) {
      if (this.#reason !== reason && reason === 'reader') {
        this.#reason = reason;
        this.#changed();
      }
      return;
    }
    this.#isFollowing = false;
    this.#reason = reason;
    this.startCounting();
    this.#changed();
  }

  toggle() {
    if (this.#isFollowing) this.pause();
    else this.follow();
  }

  /** A selection that had paused the page is gone. */
  selectionCleared() {
    if (this.isSelecting) this.follow();
  }

  /**
   * The reader's own hand moves the list: wheel, touch, key. Where the list was scrolled to before is told late, so
   * only a hand that moves it towards the end may be what has brought it there.
   *
   * @param {boolean} isTowardsEnd
   */
  gesture(isTowardsEnd) {
    this.#hasGesture = isTowardsEnd;
  }

  /** The page itself moves the list: what the hand did before says nothing about where it lands. */
  forgetGesture() {
    this.#hasGesture = false;
  }

  /**
   * The list came to rest somewhere. It is followed again only if a hand brought it there.
   *
   * @param {number} distanceToEnd px
   */
  scrolled(distanceToEnd) {
    if (this.#isFollowing || !this.#hasGesture || distanceToEnd > CLOSE_TO_END) return;
    this.follow();
  }

  /** Begins to count new lines from here, also when the store was emptied under a paused page. */
  startCounting() {
    this.#linesAtPause = this.#lines.received;
    this.#errorsAtPause = this.#lines.receivedErrors;
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
