// What happens now, and what became of it: the same view inside a form and on the waiting page.
import { follow } from './follow.js'
import { isOwnOrigin } from './own-pages.js'
import { button, make, say } from './words.js'

/**
 * @typedef {{ words: Record<string, string>, list: string, inboxes: { name: string, url: string, domains: string[] }[] }} Kit
 * @typedef {{
 *   kit: Kit, url: string, email: string | null, heading: Element | null,
 *   change: () => void, take: (email: string) => void,
 *   tell: (state: import('./follow.js').LetterState) => void,
 * }} Waiting
 */

/**
 * @param {Element} place
 * @param {Waiting} waiting
 * @returns {() => void} ends it
 */
export function showWaiting(place, waiting) {
  const status = make('div', { class: 'ayes-status', role: 'status' })
  const actions = make('div', { class: 'ayes-actions' })
  place.replaceChildren(status, actions)
  draw({ letter: 'queued', reason: null, suggestion: null })
  return follow(waiting.url, (state) => {
    draw(state)
    waiting.tell(state)
  })

  /** @param {import('./follow.js').LetterState} state */
  function draw({ letter, reason, suggestion }) {
    const { kit, email, heading } = waiting
    const { words } = kit
    const values = { email, list: kit.list, suggestion: suggestion?.email ?? null }
    /** @param {string} key */
    const phrase = (key) => say((email === null && words[`${key}?`]) || words[key], values)
    const title = phrase(`waiting.title.${letter}`)
    if (heading === null) status.replaceChildren(make('p', { class: 'ayes-title', tabindex: '-1' }, title))
    else {
      heading.replaceChildren(title)
      document.title = heading.textContent ?? ''
      status.replaceChildren()
    }
    status.append(make('p', {}, phrase(`waiting.text.${letter}`)))
    actions.replaceChildren()
    if (letter === 'confirmed') {
      if (isOwnOrigin) actions.append(make('p', { class: 'ayes-small' }, phrase('waiting.done')))
      return
    }
    if (letter === 'gone') {
      actions.append(button('ayes-change', phrase('waiting.again'), waiting.change))
      return
    }
    if (letter === 'undeliverable') {
      status.append(make('p', {}, phrase(words[`reason.${reason}`] ? `reason.${reason}` : 'reason.other')))
      if (suggestion !== null) {
        status.append(make('p', {}, phrase('waiting.suggestion')))
        actions.append(button('ayes-take', phrase('suggestion.yes'), () => waiting.take(suggestion.email)))
      }
      if (heading !== null) actions.append(button('ayes-change', phrase('waiting.again'), waiting.change))
      return
    }
    const inbox = inboxOf(kit, email)
    if (inbox !== null) {
      const href = {
        href: inbox.url,
        class: 'ayes-inbox button',
        target: '_blank',
        rel: 'noopener noreferrer',
      }
      actions.append(make('a', href, say(words['live.open_inbox'], { inbox: inbox.name })))
    }
    actions.append(make('p', { class: 'ayes-small' }, phrase('waiting.nothing_comes')))
    actions.append(button('ayes-change', phrase('live.change'), waiting.change))
  }
}

/**
 * @param {Kit} kit
 * @param {string | null} email
 */
function inboxOf(kit, email) {
  const domain = (email ?? '').slice((email ?? '').lastIndexOf('@') + 1).toLowerCase()
  const family = domain.replace(/\..*/, '.*')
  const find = (/** @type {string} */ name) => kit.inboxes.find(({ domains }) => domains.includes(name))
  return find(domain) ?? (/^[^.]+\.[a-z]{2,3}(\.[a-z]{2})?$/.test(domain) ? find(family) : null) ?? null
}
