// What pages and other sites load from us: the form's script, its types and words, and the scripts of our own pages.
import { inboxesFor } from '../../../core/inboxes.ts'
import { senderOf } from '../../../flows/sender-of.ts'
import { type BrowserScript, readBrowserFile, readBrowserScript, withTag } from '../shell/browser-script.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { localeOf, type PublicDeps } from './public-deps.ts'

const javascript = 'text/javascript; charset=utf-8'

export function scriptRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  for (const name of ['embed', 'link', 'proof', 'snippet']) {
    const script = readBrowserScript(`${name}.js`)
    routes.get(`/${name}.js`, (c) => sendFile(c, script, javascript))
  }
  const types = readBrowserFile('embed.d.ts')
  routes.get('/embed.d.ts', (c) => sendFile(c, types, 'text/plain; charset=utf-8'))
  routes.get('/embed.json', async (c) => {
    const list = await deps.service.lists.find(c.req.query('list') ?? 'default')
    if (list === null) throw problem(404, 'unknown-list', 'There is no list of this name.', { field: 'list' })
    const locale = localeOf(deps, c, c.req.query('locale') ?? null, list)
    const kit = {
      locale,
      list: list.name,
      words: deps.service.templates.scriptWords(locale, list.slug),
      inboxes: inboxesFor(senderOf(deps.service, list).address),
    }
    return sendFile(c, withTag(JSON.stringify(kit)), 'application/json; charset=utf-8')
  })
  return routes
}

/** Kept for an hour: a change reaches every site within it, and what did not change is not sent again. */
function sendFile(c: HttpContext, file: BrowserScript, type: string): Response {
  const headers = {
    'Cache-Control': 'public, max-age=3600',
    ETag: file.etag,
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
    Vary: 'Accept-Language',
  }
  const known = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (known.includes(file.etag)) return c.body(null, 304, headers)
  return c.body(file.text, 200, { ...headers, 'Content-Type': type })
}
