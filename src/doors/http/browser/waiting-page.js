// <ayes-waiting>: the page of a signup, which shows without script what it was when it was asked for, made live.
import { markOwnBrowser } from './own-browser.js'
import { keepAddress, takeAddress } from './own-pages.js'
import { fetchKit } from './service.js'
import { showWaiting } from './waiting.js'

export class AyesWaiting extends HTMLElement {
  /** @type {() => void} */
  #end = () => {}

  async connectedCallback() {
    const { base = '/', handle = '', list = 'default' } = this.dataset
    const root = new URL(base, location.href).href
    const email = takeAddress(handle)
    if (email !== null) markOwnBrowser(list, email)
    const kit = await fetchKit(root, { list, locale: document.documentElement.lang }).catch(() => null)
    if (kit === null) {
      // Without words the page itself is asked again, as it is without script.
      if (this.hasAttribute('data-open')) setTimeout(() => location.reload(), 5_000)
      return
    }
    /** @param {string} address */
    const goBack = (address) => {
      keepAddress(address)
      location.assign(`${root}forms/${list}`)
    }
    const heading = document.querySelector('h1')
    const again = () => goBack(email ?? '')
    const url = `${root}signups/${handle}`
    this.#end = showWaiting(this, { kit, url, email, heading, change: again, take: goBack, tell: () => {} })
  }

  disconnectedCallback() {
    this.#end()
  }
}
