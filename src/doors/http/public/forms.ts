// Where a newcomer and a visitor without the site's own form arrive.
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { formPage, localeOf, type PublicDeps, pageList, scriptPath } from './public-deps.ts'
import { snippetsFor } from './snippets.ts'

export function formRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  routes.get('/', (c) => {
    const model = { publicUrl: deps.service.links.home().replace(/\/$/, ''), devMailbox: deps.hasDevMailbox }
    return deps.shell.sendPage(c, deps.service.templates.page('home', 'en', model))
  })
  routes.get('/forms/:list', async (c) => {
    const list = await deps.service.lists.find(c.req.param('list'))
    if (list === null) throw problem(404, 'unknown-list', 'There is no list of this name.')
    const locale = localeOf(deps, c, c.req.query('locale') ?? null, list)
    const html = deps.service.templates.page('form', locale, {
      list: pageList(list),
      action: `${deps.basePath}/signups`,
      email: '',
      error: null,
      kept: [
        { name: 'source', value: 'ayes-form' },
        { name: 'locale', value: locale },
        { name: 'shown', value: deps.service.admission.stamp() },
      ],
      script: scriptPath(deps),
      snippets: isFramed(c) ? null : snippetsFor(deps, list, locale),
    })
    return deps.shell.sendPage(c, html, formPage(deps, list))
  })
  return routes
}

/** Fetch Metadata: a visitor of another site sees the form alone. */
function isFramed(c: HttpContext): boolean {
  return /^(i?frame|object|embed)$/.test(c.req.header('sec-fetch-dest') ?? '')
}
