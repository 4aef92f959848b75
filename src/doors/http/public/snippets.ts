// What the owner of a site copies: the plain form, which works without script too, and what makes it live.
import type { List } from '../../../flows/lists.ts'
import type { PublicDeps } from './public-deps.ts'

type Described = Pick<List, 'slug' | 'consent' | 'allowedOrigins'>

export function snippetsFor(deps: PublicDeps, list: Described, locale: string) {
  const base = deps.service.links.home().replace(/\/$/, '')
  const words = deps.service.templates.formWords(locale, list.slug)
  const consent = list.consent === null ? '' : asHtml(list.consent.replaceAll(/\s+/g, ' '))
  const html = `<script src="${base}/embed.js" defer></script>

<ayes-form list="${list.slug}" lang="${locale}">
  <form method="post" action="${base}/signups">
    <input type="hidden" name="list" value="${list.slug}">
    <input type="hidden" name="source" value="SOURCE">
    <label for="ayes-email">${asHtml(words.email)}</label>
    <input id="ayes-email" type="email" name="email" required maxlength="320" autocomplete="email">
    <div hidden><input name="website" tabindex="-1" autocomplete="off" aria-hidden="true"></div>
${consent === '' ? '' : `    <p>${consent}</p>\n`}    <button>${asHtml(words.button)}</button>
  </form>
</ayes-form>`
  const react = `import { useEffect } from 'react'

export function Signup() {
  useEffect(() => {
    if (customElements.get('ayes-form')) return
    const script = document.createElement('script')
    script.src = '${base}/embed.js'
    document.head.append(script)
  }, [])
  return (
    <ayes-form list="${list.slug}" lang="${locale}">
      <form method="post" action="${base}/signups">
        <input type="hidden" name="list" value="${list.slug}" />
        <input type="hidden" name="source" value="SOURCE" />
        <label htmlFor="ayes-email">${asJsx(words.email)}</label>
        <input id="ayes-email" type="email" name="email" required maxLength={320} autoComplete="email" />
        <div hidden><input name="website" tabIndex={-1} autoComplete="off" aria-hidden="true" /></div>
${consent === '' ? '' : `        <p>${asJsx(list.consent ?? '')}</p>\n`}        <button>${asJsx(words.button)}</button>
      </form>
    </ayes-form>
  )
}`
  return { html, react, script: `${deps.basePath}/snippet.js`, allowed: sitesOf(deps, list) }
}

function sitesOf({ framedBy }: PublicDeps, { allowedOrigins }: Described) {
  if (allowedOrigins !== null) return { sites: allowedOrigins, isOfList: true }
  return framedBy === '*' ? null : { sites: framedBy, isOfList: false }
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** In JSX signs of its own stand inside a string. */
function asJsx(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ')
  return /[{}<>&]/.test(plain) ? `{${JSON.stringify(plain)}}` : plain
}
