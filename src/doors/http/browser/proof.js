// The page that comes where a form was posted without the proof of work that is asked for: it does the work and posts
// the form again, with all that was in it.
import { deriveByHand } from './by-hand.js'
import { solve } from './solve.js'

const form = document.querySelector('form')
const challenge = form?.getAttribute('data-challenge')

/** @param {string} place @param {boolean} isShown */
function show(place, isShown) {
  for (const one of document.querySelectorAll(place)) if (one instanceof HTMLElement) one.hidden = !isShown
}

async function begin() {
  if (!form || !challenge) return
  show('.proof-working', true)
  show('form > button', false)
  const proof = await solve(JSON.parse(challenge), isSecureContext ? undefined : deriveByHand)
  if (proof !== null) {
    const field = document.createElement('input')
    Object.assign(field, { type: 'hidden', name: 'proof', value: proof })
    form.append(field)
    return form.submit()
  }
  show('.proof-working', false)
  show('.proof-failed, form > button', true)
}

begin()
// Come back to by the back button: the proof is used up, and the person decides.
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return
  form?.querySelector('[name="proof"]')?.remove()
  show('form > button', true)
})
