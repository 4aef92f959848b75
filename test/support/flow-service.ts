// The flows over a database of their own, without doors: a clock that the test sets, and a relay that says what the
// test wants and keeps what it took.
import { fileURLToPath } from 'node:url'
import { writeReport } from '../../src/core/bounce/write-report.ts'
import { openKeyRing } from '../../src/core/keys.ts'
import { openAdmission } from '../../src/flows/admission.ts'
import type { Client } from '../../src/flows/client.ts'
import { openLetterPace } from '../../src/flows/letter-pace.ts'
import { openLinks } from '../../src/flows/links.ts'
import { openLists } from '../../src/flows/lists.ts'
import { noMailDomains } from '../../src/flows/mail-domains.ts'
import { openProvenDomains } from '../../src/flows/proven-domains.ts'
import { receiveMessage } from '../../src/flows/receive-message.ts'
import { type OutTray, openOutTray } from '../../src/flows/send-due-letters.ts'
import type { Rules, Service } from '../../src/flows/service.ts'
import { signUp } from '../../src/flows/sign-up.ts'
import { openSignupGroups } from '../../src/flows/signup-groups.ts'
import { openSuggested } from '../../src/flows/suggested.ts'
import { openSuggesters } from '../../src/flows/suggesters.ts'
import { openTally } from '../../src/flows/tally.ts'
import { openLog } from '../../src/log.ts'
import type { OutgoingLetter, SendResult } from '../../src/mail/mailer.ts'
import { openMetrics } from '../../src/metrics.ts'
import { readInstallation } from '../../src/store/installation.ts'
import { openTemplates } from '../../src/templates.ts'
import { makeDatabase } from './database.ts'

export const day = 24 * 3_600
export const flowKey = 'the secret key of the flows in tests'
export const someone: Client = { address: '192.0.2.7', key: null, wideKey: null, agent: 'Test/1.0' }

export type FlowService = {
  readonly service: Service
  readonly databaseUrl: string
  readonly outTray: OutTray
  readonly logged: string[]
  /** What the relay answers to a letter; accepted unless it is set. */
  relay: (letter: OutgoingLetter) => SendResult
  /** Every letter that was handed to the relay, oldest first. */
  readonly letters: OutgoingLetter[]
  lettersTo(email: string): OutgoingLetter[]
  /** Signs up and sends what is due; the answer of the front door. */
  signUp(email: string, list?: string): ReturnType<typeof signUp>
  advance(seconds: number): void
  report(letter: OutgoingLetter, status: string, changes?: Partial<Parameters<typeof writeReport>[0]>): Buffer
  receive(raw: Uint8Array | string, recipient?: string | null): ReturnType<typeof receiveMessage>
  close(): Promise<void>
}

export const noFlowLimits: Rules['limits'] = { perClient: null, perList: null, perMailbox: null }

export async function openFlowService(changes: Partial<Rules> = {}): Promise<FlowService> {
  const made = await makeDatabase()
  const { db, notices } = made.database
  const logged: string[] = []
  let time = Date.now()
  const now = () => new Date(time)
  const ring = openKeyRing(flowKey)
  const rules: Rules = {
    limits: noFlowLimits,
    confirmWithin: 7 * day,
    suppressFor: 180 * day,
    refuseDisposable: false,
    bounceRateLimit: 0.03,
    forgetAfter: 30 * day,
    keepIp: 90 * day,
    keepUnsubscribed: 3 * 365 * day,
    from: { name: 'Ayes', address: 'ayes@example.com' },
    returnPath: { kind: 'plus', local: 'bounces', domain: 'example.com' },
    holdsLetters: false,
    markedFor: [],
    ...changes,
  }
  const { log } = openLog('info', { destination: { write: (line) => logged.push(line) } })
  const metrics = openMetrics()
  const service: Service = {
    ...(await readInstallation(db)),
    db,
    notices,
    ring,
    rules,
    links: openLinks(() => 'http://localhost:3000'),
    lists: openLists(db),
    admission: openAdmission({ kind: 'auto', burst: null }, { db, ring, rules, now, metrics, log }),
    groups: openSignupGroups({ db, limits: rules.limits, keyId: ring.current.id, now }),
    pace: openLetterPace(notices),
    tally: openTally(db, now),
    suggested: openSuggested(),
    suggesters: openSuggesters([], await openProvenDomains(db, notices)),
    mailDomains: noMailDomains,
    templates: await openTemplates(fileURLToPath(new URL('../../templates', import.meta.url)), null, true),
    log,
    metrics,
    now,
  }
  const letters: OutgoingLetter[] = []
  const flows: FlowService = {
    service,
    databaseUrl: made.url,
    logged,
    letters,
    relay: () => ({ kind: 'accepted', reply: '250 2.0.0 Ok' }),
    outTray: openOutTray({
      ...service,
      concurrency: 5,
      mailer: {
        async send(letter) {
          letters.push(letter)
          return flows.relay(letter)
        },
        close: async () => {},
      },
    }),
    lettersTo: (email) => letters.filter((letter) => letter.to === email),
    async signUp(email, list = 'default') {
      const result = await signUp(service, {
        email,
        list,
        asTyped: true,
        locale: () => 'en',
        source: null,
        attributes: null,
        consent: null,
        honeypot: false,
        client: someone,
      })
      await flows.outTray.drained()
      return result
    },
    advance(seconds) {
      time += seconds * 1000
    },
    report: (letter, status, own = {}) =>
      Buffer.from(
        writeReport({
          reportingMta: 'mx.example.net',
          from: 'MAILER-DAEMON@mx.example.net',
          to: letter.envelopeFrom,
          recipient: letter.to,
          status,
          diagnostic: `${status.startsWith('4') ? '450' : '550'} ${status} <${letter.to}>: no`,
          originalHeaders: [['Message-ID', `<${letter.messageId}>`]],
          at: now(),
          messageId: `${Math.random()}@mx.example.net`,
          ...own,
        }),
      ),
    receive: (raw, recipient = null) =>
      receiveMessage(service, { door: 'message', raw: Buffer.from(raw), recipient }),
    async close() {
      await flows.outTray.close()
      await made.close()
    },
  }
  return flows
}

/** The token in the letter's link of a kind. */
export function tokenIn(
  letter: OutgoingLetter | undefined,
  kind: 'confirm' | 'not-me' | 'unsubscribe',
): string {
  const match = new RegExp(`/${kind}/([A-Za-z0-9_-]{43})`).exec(letter?.text ?? '')
  if (match?.[1] === undefined) throw new Error(`the letter has no ${kind} link`)
  return match[1]
}
