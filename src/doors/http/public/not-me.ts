// «Not me»: a page with a button at GET, declined at POST, and undone on the page that says so.
import { type DeclineOutcome, decline, lookAtDecline, undoDecline } from '../../../flows/decline.ts'
import { dropBody } from '../shell/body-bytes.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { wantsHtml } from '../shell/negotiate.ts'
import { problem } from '../shell/problem.ts'
import { canonicalLink } from './canonical-link.ts'
import { clientOf, formPath, type PublicDeps, pageList, signupLocale } from './public-deps.ts'
import { unknownLink } from './shared-answers.ts'

type Known = Extract<DeclineOutcome, { kind: 'open' | 'declined' }>

export function notMeRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  routes.use('/not-me/*', canonicalLink)
  routes.get('/not-me/:token', async (c) => {
    const token = c.req.param('token')
    const outcome = known(await lookAtDecline(deps.service, token))
    return outcome.kind === 'declined'
      ? declinedPage(deps, c, outcome, token)
      : showPage(deps, c, outcome, 'not-me', { action: `${deps.basePath}/not-me/${token}` })
  })
  routes.post('/not-me/:token', async (c) => {
    await dropBody(c)
    const token = c.req.param('token')
    const outcome = known(await decline(deps.service, { token, client: clientOf(deps, c) }))
    if (!wantsHtml(c)) return c.json({ status: 'declined', list: outcome.list.slug, email: outcome.email })
    return declinedPage(deps, c, outcome, token)
  })
  routes.post('/not-me/:token/undo', async (c) => {
    await dropBody(c)
    const token = c.req.param('token')
    const outcome = known(await undoDecline(deps.service, { token, client: clientOf(deps, c) }))
    if (!wantsHtml(c)) return c.json({ status: 'undone', list: outcome.list.slug, email: outcome.email })
    return showPage(deps, c, outcome, 'not-me-undone', { formUrl: formPath(deps, outcome.list) })
  })
  return routes
}

function known(outcome: DeclineOutcome): Known {
  if (outcome.kind === 'unknown') {
    throw unknownLink()
  }
  if (outcome.kind === 'forgotten') {
    throw problem(410, 'link-expired', 'Nothing is kept about this letter any more.')
  }
  return outcome
}

function declinedPage(deps: PublicDeps, c: HttpContext, outcome: Known, token: string): Response {
  return showPage(deps, c, outcome, 'not-me-done', { undoAction: `${deps.basePath}/not-me/${token}/undo` })
}

type OwnFields = {
  'not-me': { action: string }
  'not-me-done': { undoAction: string }
  'not-me-undone': { formUrl: string }
}

function showPage<P extends keyof OwnFields>(
  deps: PublicDeps,
  c: HttpContext,
  outcome: Known,
  name: P,
  own: OwnFields[P],
): Response {
  const { list, email, locale } = outcome
  const model = { list: pageList(list), email, action: '', undoAction: null, formUrl: null, ...own }
  const html = deps.service.templates.page(name, signupLocale(deps, c, locale, list), model)
  return deps.shell.sendPage(c, html, { holdsToken: true })
}
