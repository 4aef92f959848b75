// What is counted, in the form that Prometheus reads. Labels come from closed lists only, never from a visitor.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Category } from './core/bounce/category.ts'
import type { BounceDoor } from './core/bounce/door.ts'
import type { SuggestionReason } from './core/suggestion.ts'

export type SignupOutcome =
  | 'accepted'
  | 'did-you-mean'
  | 'invalid-email'
  | 'domain-takes-no-mail'
  | 'disposable-address'
  | 'unknown-list'
  | 'origin-not-allowed'
  | 'bad-request'
  | 'proof-of-work'
  | 'limited'
  | 'honeypot'
  | 'overloaded'
  | 'failed'

export type LetterOutcome = 'accepted' | 'refused' | 'deferred' | 'impossible' | 'trouble' | 'undeliverable'

export type SuggestionEvent = 'shown' | 'taken' | 'declined' | 'declined-confirmed' | 'declined-bounced'

export type HttpAnswer = { route: string; method: string; status: number; seconds: number }

export type Metrics = {
  signup(outcome: SignupOutcome): void
  /** Signups that were written by one statement. */
  signupGroup(size: number): void
  /** Kept until its form was old enough. */
  signupHeld(): void
  signupBurst(isOn: boolean): void
  /** Why a proof of work was asked for, or that one was taken. */
  proof(outcome: 'taken' | 'missing' | 'too-early' | 'expired' | 'spent' | 'invalid'): void
  suggestion(event: SuggestionEvent, reason: SuggestionReason): void
  /** What the DNS said about a domain that it was asked about for an answer. */
  domainCheck(result: 'takes-mail' | 'takes-no-mail' | 'unknown'): void
  letter(outcome: LetterOutcome, category: Category | null): void
  /** From queued to accepted by the relay. */
  letterLatency(seconds: number): void
  /** `oldestSeconds`: how long the oldest due letter has waited, 0 where none is due. */
  lettersDue(count: number, oldestSeconds: number): void
  relayTrouble(isTrouble: boolean): void
  imapTrouble(isTrouble: boolean): void
  bounce(door: BounceDoor, category: Category | 'none' | 'unmatched'): void
  /** Of the last 24 hours, 0 to 1. */
  bounceRate(rate: number | null, isExceeded: boolean): void
  wavesOpen(kind: 'domain' | 'provider' | 'reputation', count: number): void
  confirmed(): void
  unsubscribed(): void
  declined(): void
  /** `route` is the pattern that the path matched, `/confirm/{token}`, never the path. */
  http(answer: HttpAnswer): void
  /** Event streams that are open now. */
  eventStreams(open: number): void
  databaseError(): void
  contentType: string
  text(): Promise<string>
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
// Far above the number of routes there are: should a path ever be handed in for a pattern, the list still ends.
const mostRoutes = 200

export function openMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const signups = counter('ayes_signups_total', 'Signups by outcome', ['outcome'])
  const proofs = counter(
    'ayes_proofs_total',
    'Proofs of work that were taken, and why others were asked for',
    ['outcome'],
  )
  const held = counter('ayes_signups_held_total', 'Signups kept until their form was a second old', [])
  const domainChecks = counter(
    'ayes_domain_checks_total',
    'Domains of addresses that the DNS, or what it lately said, was asked about',
    ['result'],
  )
  const suggestions = counter(
    'ayes_suggestions_total',
    'Suggestions shown, taken and declined, and what became of the declined ones',
    ['event', 'reason'],
  )
  const letters = counter('ayes_letters_total', 'Attempts to send a letter, by outcome and category', [
    'outcome',
    'category',
  ])
  const bounces = counter('ayes_bounces_total', 'Failures reported, by door and category', [
    'door',
    'category',
  ])
  const confirmations = counter('ayes_confirmations_total', 'Signups confirmed', [])
  const unsubscribes = counter('ayes_unsubscribes_total', 'Subscribers who left', [])
  const declines = counter('ayes_declines_total', 'Signups declined by not-me', [])
  const databaseErrors = counter(
    'ayes_database_errors_total',
    'Statements that failed or found no database',
    [],
  )
  const requests = counter('ayes_http_requests_total', 'Answers by route, method and class of status', [
    'route',
    'method',
    'status',
  ])

  const due = gauge('ayes_letters_due', 'Letters that are due and not sent')
  const oldest = gauge('ayes_letters_due_oldest_seconds', 'How long the oldest due letter has waited')
  const trouble = gauge('ayes_relay_trouble', '1 while the relay cannot be used, else 0')
  const imap = gauge('ayes_imap_trouble', '1 while the mailbox for bounces cannot be read, else 0')

  const burst = gauge('ayes_signup_burst', '1 while everybody is asked for a proof of work, else 0')

  const bounceRate = gauge(
    'ayes_bounce_rate',
    'Hard bounces over accepted letters in the last 24 hours, 0 to 1',
  )
  const exceeded = gauge('ayes_bounce_rate_exceeded', '1 while the bounce rate is above its limit, else 0')

  const streams = gauge('ayes_event_streams_open', 'Event streams of waiting pages that are open')

  const waves = new Gauge({
    name: 'ayes_waves_open',
    help: 'Waves of refusals under way, by kind',
    labelNames: ['kind'],
    registers,
  })

  const groups = histogram(
    'ayes_signup_group_size',
    'Signups written by one statement',
    [1, 2, 4, 8, 16, 32, 64, 128],
  )
  const latency = histogram(
    'ayes_letter_latency_seconds',
    'From queued to accepted by the relay',
    [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 43_200, 172_800],
  )
  const durations = new Histogram({
    name: 'ayes_http_request_seconds',
    help: 'Time to answer, by route and method',
    labelNames: ['route', 'method'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })

  function counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers })
  }

  function gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers })
  }

  function histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers })
  }

  const routes = new Set<string>()
  function boundedRoute(route: string): string {
    if (routes.has(route)) return route
    if (routes.size >= mostRoutes) return 'other'
    routes.add(route)
    return route
  }

  return {
    signup: (outcome) => signups.inc({ outcome }),
    signupGroup: (size) => groups.observe(size),
    signupHeld: () => held.inc(),
    signupBurst: (isOn) => burst.set(isOn ? 1 : 0),
    proof: (outcome) => proofs.inc({ outcome }),
    suggestion: (event, reason) => suggestions.inc({ event, reason }),
    domainCheck: (result) => domainChecks.inc({ result }),
    letter: (outcome, category) => letters.inc({ outcome, category: category ?? 'none' }),
    letterLatency: (seconds) => latency.observe(Math.max(0, seconds)),
    lettersDue(count, oldestSeconds) {
      due.set(count)
      oldest.set(oldestSeconds)
    },
    relayTrouble: (isTrouble) => trouble.set(isTrouble ? 1 : 0),
    imapTrouble: (isTrouble) => imap.set(isTrouble ? 1 : 0),
    bounce: (door, category) => bounces.inc({ door, category }),
    bounceRate(rate, isExceeded) {
      bounceRate.set(rate ?? 0)
      exceeded.set(isExceeded ? 1 : 0)
    },
    wavesOpen: (kind, count) => waves.set({ kind }, count),
    confirmed: () => confirmations.inc(),
    unsubscribed: () => unsubscribes.inc(),
    declined: () => declines.inc(),
    http(answer) {
      const route = boundedRoute(answer.route)
      const method = methods.has(answer.method) ? answer.method : 'other'
      requests.inc({ route, method, status: `${Math.floor(answer.status / 100)}xx` })
      durations.observe({ route, method }, answer.seconds)
    },
    eventStreams: (open) => streams.set(open),
    databaseError: () => databaseErrors.inc(),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  }
}
