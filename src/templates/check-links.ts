// A letter without its link, or a page whose form leads elsewhere, looks right and does nothing.

import { escapeHtml } from './filters.ts'
import type { Report } from './words.ts'

/** `Url`s of a letter and the addresses that a page's forms post to. */
const NEEDED = { letter: /Url$/, page: /^(?:action|\w+Action)$/ } as const

export function checkLinks(
  input: { kind: keyof typeof NEEDED; form: 'html' | 'text'; model: object; rendered: string; place: string },
  report: Report,
): void {
  const { kind, form, model, rendered, place } = input
  for (const [name, value] of Object.entries(model)) {
    if (!NEEDED[kind].test(name) || typeof value !== 'string') continue
    const written = form === 'html' ? `"${escapeHtml(value)}"` : value
    if (rendered.includes(written)) continue
    report(
      `${place}: ${form === 'html' ? `no link or form leads to {{ ${name} | link }}` : `{{ ${name} }} is not shown`}`,
    )
  }
}
