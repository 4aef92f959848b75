// <ayes-form>: turns the plain form inside it into a live one. Until the words are there, and where they do not come,
// the form stays the ordinary one that it is.

import { markOwnBrowser } from './own-browser.js'
import { isOwnOrigin, keepAddress, takeKept } from './own-pages.js'
import { sendSignup } from './send.js'
import { fetchKit, openSuggester } from './service.js'
import { showWaiting } from './waiting.js'
import { button, make, say } from './words.js'

const pauseMs = 450
let count = 0

export class AyesForm extends HTMLElement {
  /** @type {() => void} */
  #end = () => {}
  /** @type {(() => void) | null} */
  #again = null

  connectedCallback() {
    // Moved to another place of the page: the letter is followed on.
    if (this.#again !== null) return this.#again()
    const start = () => {
      const form = this.isConnected ? this.querySelector('form') : null
      const input = form?.querySelector('input[name="email"]')
      if (form && input instanceof HTMLInputElement) this.#start(form, input)
    }
    // A script that runs while the page is read finds the element before its form.
    if (document.readyState === 'loading')
      document.addEventListener('DOMContentLoaded', start, { once: true })
    else queueMicrotask(start)
  }

  disconnectedCallback() {
    this.#end()
  }

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLInputElement} input
   */
  async #start(form, input) {
    const fields = new FormData(form)
    const list = this.getAttribute('list') ?? String(fields.get('list') ?? 'default')
    const action = new URL(form.getAttribute('action') ?? '', document.baseURI).href
    const base = action.replace(/signups\/?$/, '')
    const locale =
      String(fields.get('locale') ?? '') ||
      (this.closest('[lang]')?.getAttribute('lang') ?? '') ||
      navigator.language
    let isSent = false
    form.addEventListener('submit', () => {
      isSent = true
    })
    const kit = await fetchKit(base, { list, locale }).catch(() => null)
    // Who has sent it before the words came is on the way to our pages: live, a second press would send it again.
    if (kit === null || isSent || !this.isConnected || this.hasAttribute('live')) return
    this.setAttribute('live', '')
    const { words } = kit
    const suggester = openSuggester(base)
    const isOurs = isOwnOrigin && new URL(base).origin === location.origin

    if (isOurs && input.value === '') input.value = takeKept() ?? ''

    const noteId = `ayes-note-${++count}`
    const error = make('p', { id: noteId, class: 'ayes-error', role: 'alert' })
    const question = make('p', { class: 'ayes-question', role: 'status' })
    const choices = make('div', { class: 'ayes-choices' })
    const notes = make('div', { class: 'ayes-notes' }, error, question, choices)
    ;(input.closest('label') ?? input).after(notes)
    const view = make('div', { class: 'ayes-waiting' })
    view.hidden = true
    this.prepend(view)

    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer
    let stopFollowing = () => {}
    let resume = () => {}
    let isBusy = false
    let shown = ''
    const describedBy = input.getAttribute('aria-describedby')

    /** @param {string} name @param {object} detail */
    const tell = (name, detail) => {
      this.dispatchEvent(
        new CustomEvent(`ayes:${name}`, { bubbles: true, composed: true, detail: { list, ...detail } }),
      )
    }
    const quiet = () => {
      shown = ''
      for (const part of [error, question, choices]) part.replaceChildren()
      input.removeAttribute('aria-invalid')
      if (describedBy === null) input.removeAttribute('aria-describedby')
      else input.setAttribute('aria-describedby', describedBy)
    }
    /** @param {string} code @param {string | undefined} reason */
    const showError = (code, reason) => {
      quiet()
      error.append(say(words[`error.${code}.${reason}`] ?? words[`error.${code}`] ?? words['error.other']))
      input.setAttribute('aria-invalid', 'true')
      input.setAttribute('aria-describedby', `${describedBy ?? ''} ${noteId}`.trim())
      input.focus()
    }
    /** @param {string} email @param {string} suggestion @param {boolean} isAsked by the service, at sending */
    const showSuggestion = (email, suggestion, isAsked) => {
      // Pressing the button takes the focus from the field, which asks again: the button must stay where it is.
      if (shown === `${email} ${suggestion}` && !isAsked) return
      shown = `${email} ${suggestion}`
      const values = { suggestion, typed: email, email }
      question.replaceChildren(say(words[isAsked ? 'suggestion.question' : 'waiting.suggestion'], values))
      const take = () => {
        input.value = suggestion
        quiet()
        if (isAsked) void send(false)
        else input.focus()
      }
      const yes = button(
        'ayes-take',
        say(words[isAsked ? 'suggestion.yes' : 'form.take_suggestion'], values),
        take,
      )
      choices.replaceChildren(yes)
      if (isAsked) {
        choices.append(button('ayes-keep', say(words['suggestion.no'], values), () => void send(true)))
        yes.focus()
      }
      tell('suggestion', { email, suggestion })
    }

    const look = async () => {
      clearTimeout(timer)
      const email = input.value.trim()
      const at = email.lastIndexOf('@')
      const domain = email.slice(at + 1).toLowerCase()
      if (at < 1 || !/^[^\s@]+\.[^\s@.]{2,}$/.test(domain) || domain.length > 253) return
      const better = await suggester.ask(domain)
      if (better !== null && input.value.trim() === email && !isBusy && view.hidden) {
        showSuggestion(email, email.slice(0, at + 1) + better, false)
      }
    }

    /** @param {boolean} asTyped */
    const send = async (asTyped) => {
      if (isBusy) return
      isBusy = true
      clearTimeout(timer)
      suggester.cancel()
      quiet()
      question.append(say(words['live.sending']))
      form.setAttribute('aria-busy', 'true')
      const more = { locale, ...(asTyped ? { as_typed: true } : {}) }
      const answer = await sendSignup({ url: action, form, list, more }, () =>
        question.replaceChildren(say(words['live.proof'])),
      )
      form.removeAttribute('aria-busy')
      isBusy = false
      quiet()
      if (answer === null && navigator.onLine) return leave(asTyped)
      const result = answer?.result ?? {}
      if (answer?.status === 202) return wait(result.email, result.handle)
      if (result.code === 'did-you-mean') return showSuggestion(result.email, result.suggestion.email, true)
      if (answer !== null && words[`error.${result.code}`] === undefined && answer.status < 500)
        return leave(asTyped)
      showError(String(result.code), result.reason)
      if (result.suggestion) showSuggestion(input.value.trim(), result.suggestion.email, false)
    }

    /** By the form as it is: the service's pages can say what this script cannot. @param {boolean} asTyped */
    const leave = (asTyped) => {
      if (asTyped) form.append(make('input', { type: 'hidden', name: 'as_typed', value: '1' }))
      if (isOurs) keepAddress(input.value)
      HTMLFormElement.prototype.submit.call(form)
    }

    /** @param {string} email @param {string} handle */
    const wait = (email, handle) => {
      stopFollowing()
      form.hidden = true
      view.hidden = false
      if (isOurs) markOwnBrowser(list, email)
      tell('pending', { email, handle })
      const url = `${base}signups/${handle}`
      resume = () => {
        stopFollowing()
        stopFollowing = showWaiting(view, { kit, url, email, heading: null, change, take, tell: onState })
      }
      resume()
      const title = view.querySelector('.ayes-title')
      if (title instanceof HTMLElement) title.focus()

      /** @param {import('./follow.js').LetterState} state */
      function onState(state) {
        if (state.letter === 'confirmed') tell('confirmed', { email })
        if (state.letter === 'confirmed' || state.letter === 'undeliverable') resume = () => {}
        if (state.letter !== 'undeliverable') return
        form.hidden = false
        tell('undeliverable', { email, reason: state.reason, suggestion: state.suggestion?.email ?? null })
      }
    }
    const change = () => {
      stopFollowing()
      resume = () => {}
      view.hidden = true
      form.hidden = false
      input.focus()
      input.select()
    }
    /** @param {string} email */
    const take = (email) => {
      change()
      input.value = email
      void send(false)
    }

    form.noValidate = true
    input.addEventListener('input', () => {
      quiet()
      clearTimeout(timer)
      suggester.cancel()
      timer = setTimeout(look, pauseMs)
    })
    input.addEventListener('change', look)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (!view.hidden) change()
      void send(false)
    })
    this.#again = () => resume()
    this.#end = () => {
      clearTimeout(timer)
      suggester.cancel()
      stopFollowing()
    }
  }
}
