// The page of a confirmation link: it submits by itself on evidence of a person, never by load alone, for scanners run
// real browsers. Evidence is a trusted event of pointer, touch or key, or that this browser made the signup.
import { isOwnBrowser, unmarkOwnBrowser } from './own-browser.js'

const button = document.querySelector('button[data-list]')
const form = button?.closest('form')
/** A post that nobody has heard of for so long may be tried again. */
const patienceMs = 20_000
let isSent = false

/** Once: a click on the button while the answer is on its way would be answered as a second one. */
function sending() {
  if (isSent) return false
  isSent = true
  setTimeout(() => {
    isSent = false
  }, patienceMs)
  return true
}

/** @param {string} by */
function send(by) {
  if (!form || !button || !sending()) return
  for (const name of names) removeEventListener(name, onEvent, true)
  const field = document.createElement('input')
  Object.assign(field, { type: 'hidden', name: 'by', value: by })
  form.append(field)
  unmarkOwnBrowser(button.getAttribute('data-list') ?? '')
  form.submit()
}

/** @param {Event} event */
function onEvent(event) {
  if (!event.isTrusted) return
  // The button and links do what they do anyway.
  if (event.target instanceof Element && event.target.closest('button, a')) {
    if (event.type !== 'pointermove') return
  }
  // A shortcut speaks to the browser: whoever closes the page by one has not said yes.
  if (event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey || event.altKey)) return
  send('evidence')
}

const names = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'wheel']

function begin() {
  if (!form || !button) return
  form.addEventListener('submit', (event) => {
    if (!sending()) event.preventDefault()
  })
  for (const name of names) addEventListener(name, onEvent, { capture: true, passive: true })
  askOwnBrowser()
  document.addEventListener('visibilitychange', askOwnBrowser)
}

function askOwnBrowser() {
  const { list = '', email = '' } = button instanceof HTMLElement ? button.dataset : {}
  if (!isSent && document.visibilityState === 'visible' && isOwnBrowser(list, email)) send('own-browser')
}

// A page that is shown ahead of the click, or brought back by the back button, was not opened by anybody now.
if ('prerendering' in document && document.prerendering) {
  document.addEventListener('prerenderingchange', begin, { once: true })
} else begin()
