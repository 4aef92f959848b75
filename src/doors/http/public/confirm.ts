// The link in the letter. GET and HEAD show and change nothing, whatever the query; POST acts, and needs no body,
// cookie or Origin.
import { confirmedBy } from '../../../core/confirmed-by.ts'
import { type ConfirmOutcome, confirm, type LinkOutcome, lookAtLink } from '../../../flows/confirm.ts'
import { renew } from '../../../flows/send-again.ts'
import { takeBackToken } from '../../../flows/take-back.ts'
import { dropBody } from '../shell/body-bytes.ts'
import { fieldOf } from '../shell/field.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { wantsHtml } from '../shell/negotiate.ts'
import { problem } from '../shell/problem.ts'
import { canonicalLink } from './canonical-link.ts'
import { clientOf, formPath, type PublicDeps, pageList, signupLocale } from './public-deps.ts'
import { acceptedAnswer, tooManySignups, unknownLink } from './shared-answers.ts'

export function confirmRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  routes.use('/confirm/*', canonicalLink)
  routes.get('/confirm/:token', async (c) => {
    const token = c.req.param('token')
    const outcome = await lookAtLink(deps.service, token)
    if (outcome.kind === 'unknown') throw unknownLink()
    if (outcome.kind === 'gone') return gone(deps, c, { outcome, token })
    const list = pageList(outcome.list)
    const locale = signupLocale(deps, c, outcome.locale, outcome.list)
    const { email } = outcome
    const { templates } = deps.service
    if (outcome.kind === 'confirmed') {
      const html = templates.page('confirmed', locale, { list, email, already: true })
      return deps.shell.sendPage(c, html, { holdsToken: true })
    }
    const action = `${deps.basePath}/confirm/${token}`
    const hasScript = deps.confirmButton === 'auto'
    const script = hasScript ? `${deps.basePath}/link.js` : null
    const html = templates.page('confirm', locale, { list, email, action, script })
    const { confirmedUrl } = outcome.list
    const formTargets = confirmedUrl === null ? [] : [confirmedUrl]
    return deps.shell.sendPage(c, html, { holdsToken: true, formTargets, hasScript })
  })
  routes.post('/confirm/:token', async (c) => {
    const by = confirmedBy(await fieldOf(c, 'by'), wantsHtml(c))
    const token = c.req.param('token')
    const outcome = await confirm(deps.service, { token, client: clientOf(deps, c), by })
    if (outcome.kind === 'unknown') throw unknownLink()
    if (outcome.kind === 'gone') return gone(deps, c, { outcome, token })
    return confirmed(deps, c, outcome)
  })
  routes.post('/confirm/:token/renew', async (c) => {
    await dropBody(c)
    const token = c.req.param('token')
    const outcome = await renew(deps.service, { token, client: clientOf(deps, c) })
    switch (outcome.kind) {
      case 'unknown':
        throw unknownLink()
      case 'gone':
        return gone(deps, c, { outcome, token })
      case 'too-many':
        throw tooManySignups((outcome.until.getTime() - deps.service.now().getTime()) / 1000)
      case 'accepted':
        if (wantsHtml(c)) return c.redirect(`${deps.basePath}/signups/${outcome.handle}`, 303)
        return acceptedAnswer(c, outcome)
    }
  })
  return routes
}

function confirmed(
  deps: PublicDeps,
  c: HttpContext,
  outcome: Extract<ConfirmOutcome, { kind: 'confirmed' | 'already' }>,
): Response {
  const { list, email, kind } = outcome
  if (!wantsHtml(c)) return c.json({ status: kind, list: list.slug, email })
  if (list.confirmedUrl !== null) return c.redirect(list.confirmedUrl, 303)
  const html = deps.service.templates.page('confirmed', signupLocale(deps, c, outcome.locale, list), {
    list: pageList(list),
    email,
    already: kind === 'already',
  })
  return deps.shell.sendPage(c, html, { holdsToken: true })
}

const goneWords: Record<Extract<LinkOutcome, { kind: 'gone' }>['code'], string> = {
  'link-expired': 'This link has expired. A fresh letter can be asked for.',
  'address-invalid': 'The letter to this address came back. A fresh letter can be asked for.',
  declined: 'The owner of the address has declined this signup.',
  unsubscribed: 'This subscription has been ended.',
  replaced: 'The address was corrected, and a newer letter has the link.',
}

async function gone(
  deps: PublicDeps,
  c: HttpContext,
  link: { outcome: Extract<LinkOutcome, { kind: 'gone' }>; token: string },
): Promise<Response> {
  const { code, list } = link.outcome
  if (!wantsHtml(c)) throw problem(410, code, goneWords[code])
  const isRenewable = list !== null && (code === 'link-expired' || code === 'address-invalid')
  const notMe = code === 'declined' ? await takeBackToken(deps.service, link.token) : null
  const html = deps.service.templates.page('gone', signupLocale(deps, c, link.outcome.locale, list), {
    code,
    list: list === null ? null : pageList(list),
    renewAction: isRenewable ? `${deps.basePath}/confirm/${link.token}/renew` : null,
    undoAction: notMe === null ? null : `${deps.basePath}/not-me/${notMe}/undo`,
    formUrl: list === null ? null : formPath(deps, list),
  })
  return deps.shell.sendPage(c, html, { status: 410, holdsToken: true })
}
