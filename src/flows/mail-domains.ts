// Whether a domain takes mail at all: asked of the DNS where it can change an answer, for a second at most, and never
// believed on the word of a resolver that says no to everything.
import type { Resolver } from '../dns.ts'

export type MailDomains = {
  /** True only where it is certain: no MX and no address record, or a null MX (RFC 7505). Never rejects. */
  takesNoMail(address: { local: string; domain: string }): Promise<boolean>
  close(): Promise<void>
}

export type MailDomainsDeps = {
  /** One for each DNS server: a "no" counts only from a server that lately knew a name which is surely there. */
  readonly resolvers: readonly Resolver[]
  /** Addresses that the dev mailbox plays a part for, at any domain. */
  readonly isPlayed?: (email: string) => boolean
  /** How long who asks waits for an answer. */
  readonly patienceMs?: number
  /** Milliseconds, on a clock that only goes forward. */
  readonly clock?: () => number
  readonly observe?: (result: 'takes-mail' | 'takes-no-mail' | 'unknown') => void
}

/** A visitor waits for it. What comes later still fills the cache. */
const usualPatienceMs = 1_000
const controlLivesMs = 60_000
const answeringLivesMs = 5_000
const mostKept = 20_000
const mostUnderWay = 200
/** In seconds. What was said for a day may be mended in an hour; a TTL of 0 would ask for each signup. */
const ttl = { least: 10, mostYes: 3_600, mostNo: 300, unknown: 30 }
/** After so many silences in a row nobody waits, and one question now and then finds out whether the DNS is back. */
const mostSilences = 3
const probeEveryMs = 3_000
/** Names that have taken mail for decades, of independent operators. Any of them will do. */
const controls = ['gmail.com', 'outlook.com', 'yahoo.com', 'icloud.com', 'gmx.net', 'iana.org']
/** RFC 6761, with .local (RFC 6762), .onion (RFC 7686), .alt (RFC 9476) and home.arpa (RFC 8375). */
const special =
  /(?:^|\.)(?:test|localhost|invalid|example|local|onion|alt|home\.arpa|example\.(?:com|net|org))$/

type Verdict = { readonly takes: boolean | null; readonly ttl: number }
type Kept = { readonly takes: boolean | null; readonly until: number }

/** Asks nobody: DNS_CHECK=off. */
export const noMailDomains: MailDomains = { takesNoMail: async () => false, close: async () => {} }

export function openMailDomains(deps: MailDomainsDeps): MailDomains {
  const { clock = () => performance.now(), observe = () => {}, patienceMs = usualPatienceMs } = deps
  const kept = new Map<string, Kept>()
  const underWay = new Map<string, Promise<boolean | null>>()
  const servers = deps.resolvers.map((resolver) => openControlled(resolver, clock))
  let silences = 0
  let nextProbe = Number.NEGATIVE_INFINITY

  async function lookUp(domain: string): Promise<boolean | null> {
    for (const server of servers) {
      const verdict = await server.verdict(domain)
      if (verdict.takes === null) continue
      isBack()
      keep(domain, verdict.takes, verdict.ttl)
      return verdict.takes
    }
    // Where other names are found, the trouble is that of this domain alone.
    const answering = await Promise.all(servers.map((server) => server.isAnswering()))
    if (answering.includes(true)) {
      isBack()
      keep(domain, null, ttl.unknown)
    } else {
      silences += 1
    }
    return null
  }

  function isBack(): void {
    silences = 0
  }

  function keep(domain: string, takes: boolean | null, seconds: number): void {
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '')
    const most = takes === true ? ttl.mostYes : ttl.mostNo
    kept.delete(domain)
    kept.set(domain, { takes, until: clock() + Math.min(Math.max(seconds, ttl.least), most) * 1_000 })
  }

  /** One question for each name, however many wait for its answer. */
  function ask(domain: string): Promise<boolean | null> | null {
    const asked = underWay.get(domain)
    if (asked !== undefined) return asked
    const isDown = silences >= mostSilences
    if (underWay.size >= mostUnderWay || (isDown && clock() < nextProbe)) return null
    if (isDown) nextProbe = clock() + probeEveryMs
    const question = lookUp(domain)
      .catch(() => null)
      .finally(() => underWay.delete(domain))
    underWay.set(domain, question)
    return isDown ? null : question
  }

  return {
    async takesNoMail({ local, domain }) {
      if (!domain.includes('.') || special.test(domain) || deps.isPlayed?.(`${local}@${domain}`)) return false
      const known = kept.get(domain)
      const isFresh = known !== undefined && known.until > clock()
      const question = isFresh ? null : ask(domain)
      const takes = isFresh ? known.takes : question === null ? null : await within(patienceMs, question)
      observe(takes === null ? 'unknown' : takes ? 'takes-mail' : 'takes-no-mail')
      return takes === false
    },
    async close() {
      await Promise.allSettled(deps.resolvers.map((resolver) => resolver.close()))
      await Promise.allSettled(underWay.values())
    },
  }
}

/** One DNS server with what it lately proved. */
function openControlled(resolver: Resolver, clock: () => number) {
  let provenAt = Number.NEGATIVE_INFINITY
  let proving: Promise<boolean> | null = null

  async function prove(): Promise<boolean> {
    const answers = controls.map(async (name) => {
      const answer = await resolver.ask(name, 'MX')
      if (answer.kind !== 'found') throw new Error(`${name} was not found`)
    })
    const isProven = await Promise.any(answers).then(
      () => true,
      () => false,
    )
    if (isProven) provenAt = clock()
    return isProven
  }

  async function provenWithin(ms: number): Promise<boolean> {
    if (clock() - provenAt < ms) return true
    proving ??= prove().finally(() => {
      proving = null
    })
    return proving
  }

  return {
    isAnswering: () => provenWithin(answeringLivesMs),
    async verdict(domain: string): Promise<Verdict> {
      const said = await hasMailServer(resolver, domain)
      return said.takes !== false || (await provenWithin(controlLivesMs)) ? said : { takes: null, ttl: 0 }
    },
  }
}

/** RFC 5321, section 5.1: the MX records, else an address record; RFC 7505: an MX of "." is none. */
async function hasMailServer(resolver: Resolver, domain: string): Promise<Verdict> {
  const mx = await resolver.ask(domain, 'MX')
  if (mx.kind === 'no-answer') return { takes: null, ttl: 0 }
  if (mx.kind === 'no-such-domain') return { takes: false, ttl: mx.ttl }
  if (mx.kind === 'found') return { takes: mx.records.some(({ exchange }) => exchange !== '.'), ttl: mx.ttl }
  const addresses = await Promise.all([resolver.ask(domain, 'A'), resolver.ask(domain, 'AAAA')])
  const found = addresses.find((answer) => answer.kind === 'found')
  if (found?.kind === 'found') return { takes: true, ttl: Math.min(found.ttl, mx.ttl) }
  const isCertain = addresses.every(({ kind }) => kind === 'no-records' || kind === 'no-such-domain')
  return isCertain ? { takes: false, ttl: mx.ttl } : { takes: null, ttl: 0 }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(() => resolve(null), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
