// Follows a letter: by its stream while that works, else by asking; after trouble with growing pauses, and at once when
// the laptop wakes or the network is back. Nobody looks: nothing is asked.

/** @typedef {{ letter: string, reason: string | null, suggestion: { email: string } | null }} LetterState */

const silenceMs = 8_000
const staleMs = 45_000

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
  let failures = 0
  let since = 0
  let isOver = false

  /** @param {LetterState} state */
  function heard(state) {
    failures = 0
    const text = JSON.stringify([state.letter, state.reason])
    if (state.letter === 'confirmed' || state.letter === 'undeliverable') stop()
    if (text === last) return
    last = text
    onState(state)
  }

  function open() {
    if (isOver) return
    close()
    since = Date.now()
    stream = new EventSource(`${url}/events`)
    stream.addEventListener('letter', (event) => {
      clearTimeout(timer)
      heard(JSON.parse(event.data))
    })
    stream.onerror = fail
    timer = setTimeout(fail, silenceMs)
  }

  async function fail() {
    if (isOver) return
    close()
    failures += 1
    const answer = await fetch(url, { headers: { Accept: 'application/json' }, credentials: 'omit' }).catch(
      () => null,
    )
    if (isOver) return
    // A handle lives a day: one that is unknown will never be known again.
    if (answer?.status === 404) return stop()
    const count = failures
    if (answer?.ok) heard(await answer.json())
    if (isOver) return
    failures = count
    timer = setTimeout(
      again,
      Math.min(30_000, 1_000 * 2 ** Math.min(failures, 5)) * (0.75 + Math.random() / 2),
    )
  }

  function again() {
    if (!document.hidden) open()
  }

  function wake() {
    if (isOver || document.hidden) return
    // A connection that slept may be dead without knowing.
    if (stream === null || Date.now() - since > staleMs) open()
  }

  function close() {
    clearTimeout(timer)
    stream?.close()
    stream = null
  }

  function stop() {
    isOver = true
    close()
    document.removeEventListener('visibilitychange', wake)
    removeEventListener('online', wake)
    removeEventListener('pageshow', wake)
  }

  document.addEventListener('visibilitychange', wake)
  addEventListener('online', wake)
  addEventListener('pageshow', wake)
  open()
  return stop
}
