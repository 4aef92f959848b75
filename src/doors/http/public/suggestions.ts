// GET /suggestions: what an address, or a bare domain, probably should be. Stores nothing.
import { withoutSurroundings } from '../../../core/address/surroundings.ts'
import { readAddress } from '../../../core/address.ts'
import type { Suggestion } from '../../../core/suggestion.ts'
import { type Examined, examineAddress } from '../../../flows/examine-address.ts'
import type { List } from '../../../flows/lists.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { windowLimiter } from '../shell/limiter.ts'
import { problem } from '../shell/problem.ts'
import { type PublicDeps, visitorLocale } from './public-deps.ts'
import { disposableAddress, takesNoMail } from './shared-answers.ts'

/** A form asks while somebody types: often, but not like a machine that searches. */
const perClient = { count: 300, seconds: 60 }
const longestQuery = 1_000

type Deps = Pick<PublicDeps, 'service'>
type Around = { readonly list: List | null; readonly locale: string | null }

export function suggestionRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  const limiter = windowLimiter(perClient)
  routes.get('/suggestions', async (c) => {
    // who limits no client at all limits none here
    const isFree = deps.service.rules.limits.perClient === null
    const taking = isFree ? null : limiter.take(deps.shell.clientOf(c).keys)
    if (taking?.kind === 'limited') {
      const { retryAfter } = taking
      throw problem(429, 'too-many', 'Too many questions came from your network.', { retryAfter })
    }
    const emails = c.req.queries('email') ?? []
    const domains = c.req.queries('domain') ?? []
    if (emails.length + domains.length !== 1) {
      throw problem(400, 'bad-request', 'Give either email or domain, once.', { field: 'email' })
    }
    const [email] = emails
    const around = await readAround(deps, c)
    const answer =
      email === undefined ? forDomain(deps, domains[0] ?? '', around) : forEmail(deps, email, around)
    return c.json(await answer)
  })
  return routes
}

/** A form that names no list of ours still gets its hint, and so does one while the database is away. */
async function readAround(deps: Deps, c: HttpContext): Promise<Around> {
  const slug = c.req.query('list') ?? 'default'
  const isSlug = /^[a-z0-9-]{1,64}$/.test(slug)
  const list = isSlug ? await deps.service.lists.find(slug).catch(() => null) : null
  const locale = visitorLocale(c, c.req.query('locale') ?? null) ?? list?.locale ?? null
  return { list, locale }
}

type Read = Extract<ReturnType<typeof readAddress>, { kind: 'address' }>

function examine(deps: Deps, { address, question }: Read, around: Around): Promise<Examined> {
  return examineAddress(deps.service, { address, question, ...around, asTyped: false })
}

async function forEmail(deps: Deps, email: string, around: Around) {
  const reading = readAddress(email)
  if (reading.kind === 'address') {
    const examined = await examine(deps, reading, around)
    const { email: read, domain } = reading.address
    return { email: read, suggestion: answerOf(examined, { field: 'email', domain, say: (same) => same }) }
  }
  const { reason, detail, suggestion } = reading
  throw problem(422, 'invalid-email', detail, {
    field: 'email',
    reason,
    ...(suggestion === null ? {} : { suggestion }),
  })
}

async function forDomain(deps: Deps, text: string, around: Around) {
  // A local part of one letter makes an address of it, so that both are read by the same rules.
  const reading = readAddress(`a@${withoutSurroundings(text.slice(0, longestQuery))}`)
  if (reading.kind === 'invalid') {
    const { reason, detail, suggestion } = reading
    const better = suggestion === null ? {} : { suggestion: bare(suggestion) }
    throw problem(422, 'invalid-email', detail, { field: 'domain', reason, ...better })
  }
  const { domain } = reading.address
  const examined = await examine(deps, reading, around)
  return { domain, suggestion: answerOf(examined, { field: 'domain', domain, say: bare }) }
}

function bare(suggestion: Suggestion): Suggestion {
  return { ...suggestion, email: suggestion.domain }
}

type Shown = {
  readonly field: 'email' | 'domain'
  readonly domain: string
  readonly say: (suggestion: Suggestion) => Suggestion
}

function answerOf(examined: Examined, { field, domain, say }: Shown): Suggestion | null {
  switch (examined.kind) {
    case 'fine':
      return null
    case 'did-you-mean':
      return say(examined.suggestion)
    case 'disposable-address':
      throw disposableAddress(domain, field)
    case 'domain-takes-no-mail':
      throw takesNoMail(domain, {
        field,
        suggestion: examined.suggestion === null ? null : say(examined.suggestion),
      })
  }
}
