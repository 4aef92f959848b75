// What GET /embed.js is made of. No dependency, no cookie, nothing is told to anybody.
import { AyesForm } from './form.js'
import { isOwnForm, isOwnOrigin, keepAddress } from './own-pages.js'
import { AyesWaiting } from './waiting-page.js'

// Of no weight, so that every rule of the site wins; made by script, which a strict policy for styles allows.
const style = `:where(ayes-form,ayes-waiting){display:block}ayes-form [hidden]{display:none!important}
:where(.ayes-notes>*,.ayes-actions>*,.ayes-status>*){margin-block:0 var(--ayes-gap,.75rem)}:where(.ayes-notes>:empty){margin:0}
:where(.ayes-notes){margin-block-start:var(--ayes-gap,.75rem)}:where(.ayes-title){font-weight:700}
:where(.ayes-error){color:var(--ayes-error,#b3261e)}:where(.ayes-choices,.ayes-actions){display:flex;flex-flow:row wrap;gap:0 var(--ayes-gap,.75rem)}:where(.ayes-actions>p){flex-basis:100%}`

if (!customElements.get('ayes-form')) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  document.adoptedStyleSheets.push(sheet)
  customElements.define('ayes-form', AyesForm)
  if (isOwnOrigin) {
    customElements.define('ayes-waiting', AyesWaiting)
    document.addEventListener('submit', ({ target, defaultPrevented }) => {
      if (!defaultPrevented && target instanceof HTMLFormElement && isOwnForm(target))
        keepAddress(String(new FormData(target).get('email') ?? ''))
    })
  }
}
