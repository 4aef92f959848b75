// Follows a letter: by its stream while that works, else by asking, at once when a laptop wakes or the network is back.
// Nobody looks: nothing is asked.

/**
 * `gone`: nobody can say any more.
 * @typedef {{ letter: string, reason: string | null, suggestion: { email: string } | null }} LetterState
 */

/** A stream brings its first event at once, unless something on the way keeps it back. */
const silenceMs = 5_000
/** After so long a connection may be dead without knowing. */
const staleMs = 45_000
const longestPauseMs = 30_000

/**
 * @param {string} url of the signup, `…/signups/HANDLE`
 * @param {(state: LetterState) => void} onState called for each new state
 * @returns {() => void} ends it
 */
export function follow(url, onState) {
  /** @type {EventSource | null} */
  let stream = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let last = ''
  let turn = 0
  let asked = 0
  /** Streams that brought nothing, and how often is asked before the next is tried. */
  let failures = 0
  let skip = 0
  let since = 0
  let seen = Date.now()

  /** @param {LetterState} state */
  function heard(state) {
    const text = state.letter + state.reason
    if (/^(confirmed|undeliverable|gone)$/.test(state.letter)) stop()
    if (text === last) return
    last = text
    onState(state)
  }

  function open() {
    close()
    since = Date.now()
    try {
      stream = new EventSource(`${url}/events`)
      stream.addEventListener('letter', (event) => {
        clearTimeout(timer)
        failures = asked = 0
        heard(JSON.parse(event.data))
      })
      stream.onerror = fail
      timer = setTimeout(fail, silenceMs)
    } catch {
      void fail()
    }
  }

  function fail() {
    skip = Math.min(3 * failures++, 15)
    return ask()
  }

  async function ask() {
    close()
    const mine = ++turn
    const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'omit' }).catch(
      () => null,
    )
    const state = await answer?.json().catch(() => null)
    if (mine !== turn) return
    // A handle lives a day: one that is unknown will never be known again.
    if (state?.code === 'unknown-handle') heard({ letter: 'gone', reason: null, suggestion: null })
    else if (answer?.ok && state) heard(state)
    if (mine !== turn) return
    asked++
    const pause = answer?.ok ? 1_500 + 500 * asked : 1_000 * 2 ** asked
    const wish = 1_000 * Number(answer?.headers.get('retry-after'))
    timer = setTimeout(next, Math.max(wish, Math.min(pause, longestPauseMs)) * (0.75 + Math.random() / 2))
  }

  function next() {
    if (document.hidden) return
    if (skip-- > 0) void ask()
    else open()
  }

  function wake() {
    if (document.hidden || (stream !== null && Date.now() - since < staleMs)) return
    skip = asked = 0
    void ask()
  }

  function close() {
    clearTimeout(timer)
    stream?.close()
    stream = null
  }

  function stop() {
    turn++
    close()
    clearInterval(clock)
    document.removeEventListener('visibilitychange', wake)
    removeEventListener('online', wake)
  }

  // Sleep is time that passes without us.
  const clock = setInterval(() => {
    if (Date.now() - seen > staleMs) wake()
    seen = Date.now()
  }, 5_000)
  document.addEventListener('visibilitychange', wake)
  addEventListener('online', wake)
  open()
  return stop
}
