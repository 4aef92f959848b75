// The dev mailbox's letters, to the local machine only: they hold links that would confirm for anybody.
import { readBrowserScript } from '../shell/browser-script.ts'
import { isLocalCaller } from '../shell/client.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { wantsHtml } from '../shell/negotiate.ts'
import { problem } from '../shell/problem.ts'
import type { PublicDeps } from './public-deps.ts'

export type ShownLetter = {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly at: Date
  readonly state: string
}

export type MailboxView = {
  readonly exposed: boolean
  readonly list: () => Promise<readonly ShownLetter[]>
  readonly read: (
    id: string,
  ) => Promise<
    (ShownLetter & { headers: readonly { name: string; value: string }[]; text: string; html: string }) | null
  >
}

/** The letter's HTML may show itself and open links in a new tab, and nothing else. */
const letterPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"

export function devMailboxRoutes(deps: PublicDeps, mailbox: MailboxView): HttpRoutes {
  const routes = newRoutes()
  const { templates } = deps.service
  const base = `${deps.basePath}/dev/mailbox`
  routes.use('/dev/*', async (c, next) => {
    if (!mailbox.exposed && !isLocalCaller(c)) {
      throw problem(403, 'local-only', 'The dev mailbox shows itself to the local machine only.')
    }
    await next()
  })
  routes.get('/dev/mailbox', async (c) => {
    const letters = await mailbox.list()
    if (!wantsHtml(c)) {
      return c.json({ items: letters.map(({ at, ...letter }) => ({ ...letter, at: at.toISOString() })) })
    }
    const lines = letters.map((letter) => ({
      url: `${base}/${letter.id}`,
      to: letter.to,
      subject: letter.subject,
      at: letter.at.toISOString().replace('T', ' ').slice(0, 19),
      state: letter.state,
    }))
    const model = { letters: lines, script: `${base}.js`, homeUrl: `${deps.basePath}/` }
    const html = templates.page('dev-mailbox', 'en', model)
    return deps.shell.sendPage(c, html, { holdsToken: true, hasScript: true })
  })
  const script = readBrowserScript('mailbox.js')
  routes.get('/dev/mailbox.js', (c) =>
    c.body(script.text, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  )
  routes.get('/dev/mailbox/:id', async (c) => {
    const letter = await mailbox.read(c.req.param('id'))
    if (letter === null) throw problem(404, 'unknown-letter', 'There is no such letter in the mailbox.')
    if (!wantsHtml(c)) return c.json({ ...letter, at: letter.at.toISOString() })
    const { to, subject, headers, text } = letter
    const model = { to, subject, headers, text, htmlSrc: `${base}/${letter.id}/html`, mailboxUrl: base }
    const html = templates.page('dev-letter', 'en', model)
    return deps.shell.sendPage(c, html, { holdsToken: true, hasFrame: true })
  })
  routes.get('/dev/mailbox/:id/html', async (c) => {
    const letter = await mailbox.read(c.req.param('id'))
    if (letter === null) throw problem(404, 'unknown-letter', 'There is no such letter in the mailbox.')
    return c.body(letter.html, 200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': letterPolicy,
      'X-Frame-Options': 'SAMEORIGIN',
      'X-Robots-Tag': 'noindex, nofollow',
    })
  })
  return routes
}
