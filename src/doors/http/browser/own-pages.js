// On our own pages the address is kept in this tab, so that the page after a plain form's post can name it. It is never
// a part of an address that is sent.
const key = 'ayes:email'
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : ''
export const isOwnOrigin = script !== '' && new URL(script).origin === location.origin

/**
 * Where our forms post to: on a site that Ayes shares an origin with, other forms have addresses too.
 * @param {HTMLFormElement} form
 */
export const isOwnForm = (form) => form.action === new URL('signups', script).href

/** @param {string} email */
export function keepAddress(email) {
  if (email.trim() === '') return
  try {
    sessionStorage.setItem(key, email.trim())
  } catch {}
}

/** For the form that the visitor comes back to. */
export function takeKept() {
  try {
    const kept = sessionStorage.getItem(key)
    sessionStorage.removeItem(key)
    return kept
  } catch {
    return null
  }
}

/**
 * The address that this tab has posted: the first page that asks gets it, and keeps it over its own reloads.
 * @param {string} handle
 */
export function takeAddress(handle) {
  try {
    const posted = sessionStorage.getItem(key)
    if (posted !== null) sessionStorage.setItem(`${key}:${handle}`, posted)
    sessionStorage.removeItem(key)
    return sessionStorage.getItem(`${key}:${handle}`)
  } catch {
    return null
  }
}
