// Leaving: a page with a button at GET, and at POST also the one click of RFC 8058: 200, no redirect, no cookie.
import { lookAtSubscription, type UnsubscribeOutcome, unsubscribe } from '../../../flows/unsubscribe.ts'
import { dropBody } from '../shell/body-bytes.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { wantsHtml } from '../shell/negotiate.ts'
import { problem } from '../shell/problem.ts'
import { canonicalLink } from './canonical-link.ts'
import { gonePage } from './problem-page.ts'
import { clientOf, formPath, localeOf, type PublicDeps, pageList, signupLocale } from './public-deps.ts'
import { unknownLink } from './shared-answers.ts'

export function unsubscribeRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  routes.use('/unsubscribe/*', canonicalLink)
  routes.get('/unsubscribe/:token', async (c) => {
    const token = c.req.param('token')
    const outcome = await lookAtSubscription(deps.service, token)
    if (outcome.kind !== 'subscribed') return unsubscribed(deps, c, outcome)
    const { list, email, locale } = outcome
    const html = deps.service.templates.page('unsubscribe', signupLocale(deps, c, locale, list), {
      list: pageList(list),
      email,
      action: `${deps.basePath}/unsubscribe/${token}`,
    })
    return deps.shell.sendPage(c, html, { holdsToken: true })
  })
  routes.post('/unsubscribe/:token', async (c) => {
    await dropBody(c)
    const client = clientOf(deps, c)
    const outcome = await unsubscribe(deps.service, { token: c.req.param('token'), client })
    // Who asks to leave is answered alike whether a row is left to change or not (RFC 8058).
    if (outcome.kind === 'forgotten') {
      if (!wantsHtml(c)) return c.json({ status: 'unsubscribed' })
      const html = gonePage(deps.service.templates, localeOf(deps, c, null, null), 'unsubscribed')
      return deps.shell.sendPage(c, html, { holdsToken: true })
    }
    if (!wantsHtml(c) && outcome.kind === 'unsubscribed') {
      return c.json({ status: 'unsubscribed', list: outcome.list.slug, email: outcome.email })
    }
    return unsubscribed(deps, c, outcome)
  })
  return routes
}

function unsubscribed(deps: PublicDeps, c: HttpContext, outcome: UnsubscribeOutcome): Response {
  if (outcome.kind === 'unknown') {
    throw unknownLink()
  }
  if (outcome.kind === 'forgotten') {
    throw problem(
      410,
      'unsubscribed',
      'Nothing is kept about this subscription any more: you are on no list by it.',
    )
  }
  const { list, email, locale } = outcome
  const html = deps.service.templates.page('unsubscribed', signupLocale(deps, c, locale, list), {
    list: pageList(list),
    email,
    formUrl: formPath(deps, list),
  })
  return deps.shell.sendPage(c, html, { holdsToken: true })
}
