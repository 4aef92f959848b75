// POST /signups: JSON and both form encodings, answered as JSON or as pages.
import { domainOf } from '../../../flows/domain-of.ts'
import type { List } from '../../../flows/lists.ts'
import { type SignUpResult, signUp } from '../../../flows/sign-up.ts'
import { TooManyWaiting } from '../../../flows/signup-groups.ts'
import { signupForm, signupInput } from '../schemas/signup.ts'
import { ANY_FORM, readInput } from '../shell/body.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { windowLimiter } from '../shell/limiter.ts'
import { wantsHtml } from '../shell/negotiate.ts'
import { problem } from '../shell/problem.ts'
import { originDetail, showToItsSites, siteOf } from './origin-of.ts'
import { proofAsked, proofModel } from './proof-asked.ts'
import {
  clientOf,
  formPage,
  localeOf,
  type PublicDeps,
  pageList,
  scriptPath,
  visitorLocale,
} from './public-deps.ts'
import { acceptedAnswer, disposableAddress, takesNoMail, tooManySignups } from './shared-answers.ts'

/** What is asked about or refused is stored nowhere, so it is counted here, in this process alone. */
const questionsPerClient = { count: 300, seconds: 60 }

type Fields = Awaited<ReturnType<typeof readFields>>

function readFields(c: HttpContext) {
  return readInput(c, signupInput, { accept: ANY_FORM, ...signupForm })
}

export function signupRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  const limiter = windowLimiter(questionsPerClient)
  routes.post('/signups', async (c) => {
    const fields = await readFields(c)
    const asked = fields.locale ?? null
    const result = await signUp(deps.service, {
      email: fields.email,
      list: fields.list,
      asTyped: fields.as_typed,
      locale: (list) => localeOf(deps, c, asked, list),
      visitorLocale: visitorLocale(c, asked),
      source: fields.source ?? null,
      attributes: fields.attributes ?? null,
      consent: fields.consent ?? null,
      honeypot: fields.website !== '',
      site: siteOf(deps, c),
      proof: fields.proof,
      shown: fields.shown,
      client: clientOf(deps, c),
    }).catch((error: unknown) => {
      if (!(error instanceof TooManyWaiting)) throw error
      deps.service.metrics.signup('overloaded')
      throw problem(503, 'busy', 'Too many signups are being written at this moment.', { retryAfter: 1 })
    })
    if (result.kind !== 'unknown-list') showToItsSites(c, result.list)
    if (isOnlyAsked(result) && deps.service.rules.limits.perClient !== null) {
      const taking = limiter.take(deps.shell.clientOf(c).keys)
      if (taking.kind === 'limited') throw tooManySignups(taking.retryAfter)
    }
    return wantsHtml(c) ? answerWithPage(deps, c, fields, result) : answerWithJson(deps, c, result)
  })
  return routes
}

/** Nothing is stored, so nothing in the database counts it. */
function isOnlyAsked({ kind }: SignUpResult): boolean {
  return kind !== 'accepted' && kind !== 'too-many' && kind !== 'unknown-list'
}

function answerWithJson(deps: PublicDeps, c: HttpContext, result: SignUpResult): Response {
  if (result.kind !== 'accepted') throw refusal(deps, c, result)
  return acceptedAnswer(c, result)
}

function refusal(deps: PublicDeps, c: HttpContext, result: Exclude<SignUpResult, { kind: 'accepted' }>) {
  switch (result.kind) {
    case 'did-you-mean':
      return problem(
        409,
        'did-you-mean',
        'The address looks mistyped. Send it again with as_typed if it is not.',
        {
          field: 'email',
          email: result.email,
          suggestion: result.suggestion,
        },
      )
    case 'invalid-email': {
      const { reason, detail, suggestion } = result.invalid
      return problem(422, 'invalid-email', detail, {
        field: 'email',
        reason,
        ...(suggestion === null ? {} : { suggestion }),
      })
    }
    case 'domain-takes-no-mail':
      return takesNoMail(domainOf(result.email), { field: 'email', suggestion: result.suggestion })
    case 'disposable-address':
      return disposableAddress(domainOf(result.email), 'email')
    case 'unknown-list':
      return problem(404, 'unknown-list', 'There is no list of this name.', { field: 'list' })
    case 'origin-not-allowed':
      return problem(403, 'origin-not-allowed', originDetail(c))
    case 'proof-of-work':
      return proofAsked(result)
    case 'too-many':
      return tooManySignups((result.until.getTime() - deps.service.now().getTime()) / 1000)
  }
}

function answerWithPage(deps: PublicDeps, c: HttpContext, fields: Fields, result: SignUpResult): Response {
  if (result.kind === 'accepted') return c.redirect(`${deps.basePath}/signups/${result.handle}`, 303)
  if (result.kind === 'unknown-list' || result.kind === 'origin-not-allowed' || result.kind === 'too-many')
    throw refusal(deps, c, result)
  const { templates } = deps.service
  const locale = localeOf(deps, c, fields.locale ?? null, result.list)
  const list = pageList(result.list)
  const action = `${deps.basePath}/signups`
  const kept = [...keptFields(fields), { name: 'shown', value: deps.service.admission.stamp() }]
  const options = {
    holdsToken: true,
    formTargets: [],
    ...formPage(deps, result.list),
    headers: namesItself(result.list),
  }
  if (result.kind === 'proof-of-work') {
    const html = templates.page('proof', locale, {
      ...proofModel(deps, result),
      action,
      kept: sentFields(fields),
    })
    return deps.shell.sendPage(c, html, { ...options, status: 428 })
  }
  const script = scriptPath(deps)
  if (result.kind === 'did-you-mean') {
    const suggestion = result.suggestion.email
    const html = templates.page('suggestion', locale, {
      list,
      action,
      typed: result.email,
      suggestion,
      kept,
      script,
    })
    return deps.shell.sendPage(c, html, { ...options, status: 409 })
  }
  const error = formError(result)
  const html = templates.page('form', locale, {
    list,
    action,
    email: fields.email.slice(0, 320),
    error,
    kept,
    script,
    snippets: null,
  })
  return deps.shell.sendPage(c, html, { ...options, status: 422 })
}

/** A page without a referrer posts as `null`, which a list with sites of its own takes from no other site than ours. */
function namesItself(list: List): Record<string, string> {
  return list.allowedOrigins === null ? {} : { 'Referrer-Policy': 'same-origin' }
}

type Wrong = Extract<SignUpResult, { kind: 'invalid-email' | 'domain-takes-no-mail' | 'disposable-address' }>

function formError(result: Wrong) {
  const reason = result.kind === 'invalid-email' ? result.invalid.reason : null
  const { suggestion } = result.kind === 'invalid-email' ? result.invalid : { suggestion: null, ...result }
  return { code: result.kind, reason, suggestion: suggestion?.email ?? null }
}

/** All that was sent, for the page that sends it again by itself: what fell into the trap stays in it. */
function sentFields(fields: Fields): { name: string; value: string }[] {
  const { email, website, shown } = fields
  return [
    { name: 'email', value: email },
    ...keptFields(fields),
    ...(fields.as_typed ? [{ name: 'as_typed', value: '1' }] : []),
    ...(website === '' ? [] : [{ name: 'website', value: website }]),
    ...(shown === '' ? [] : [{ name: 'shown', value: shown }]),
  ]
}

/** What the form brought along and the next post brings again. */
function keptFields(fields: Fields): { name: string; value: string }[] {
  const attributes = Object.entries(fields.attributes ?? {}).map(([name, value]) => ({
    name: `attributes[${name}]`,
    value,
  }))
  return [
    { name: 'locale', value: fields.locale },
    { name: 'source', value: fields.source },
    { name: 'consent', value: fields.consent },
    ...attributes,
  ].flatMap(({ name, value }) => (value === undefined || value === null ? [] : [{ name, value }]))
}
