// This browser made a signup on one of our pages. Known to this browser alone; a session's scanner never has it.
const lifeMs = 7 * 86_400_000

/** @param {string} list */
const markName = (list) => `ayes:signed-up:${list}`

/**
 * @param {string} list
 * @param {string} email
 */
export function markOwnBrowser(list, email) {
  try {
    localStorage.setItem(markName(list), JSON.stringify({ email: email.toLowerCase(), at: Date.now() }))
  } catch {} // storage that is switched off: the link has its button
}

/**
 * @param {string} list
 * @param {string} email
 */
export function isOwnBrowser(list, email) {
  try {
    const mark = JSON.parse(localStorage.getItem(markName(list)) ?? '{}')
    return mark.email === email.toLowerCase() && Date.now() - mark.at < lifeMs
  } catch {
    return false
  }
}

/** @param {string} list */
export function unmarkOwnBrowser(list) {
  try {
    localStorage.removeItem(markName(list))
  } catch {}
}
