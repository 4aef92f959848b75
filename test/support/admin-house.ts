// The admin's side of the HTTP door on a database of its own, without a socket, and signups to look at through it.

import { openKeyRing } from '../../src/core/keys.ts'
import { makeLinkToken } from '../../src/core/tokens.ts'
import { adminRoutes } from '../../src/doors/http/admin/admin-routes.ts'
import { docsRoutes } from '../../src/doors/http/openapi.ts'
import { createShell } from '../../src/doors/http/shell/create-app.ts'
import type { HttpRoutes } from '../../src/doors/http/shell/http-env.ts'
import { openAdmission } from '../../src/flows/admission.ts'
import type { Client } from '../../src/flows/client.ts'
import { confirm } from '../../src/flows/confirm.ts'
import type { ExportDeps } from '../../src/flows/export-stream.ts'
import { openLetterPace } from '../../src/flows/letter-pace.ts'
import { openLinks } from '../../src/flows/links.ts'
import { openLists } from '../../src/flows/lists.ts'
import { noMailDomains } from '../../src/flows/mail-domains.ts'
import { openProvenDomains } from '../../src/flows/proven-domains.ts'
import type { Service } from '../../src/flows/service.ts'
import { signUp } from '../../src/flows/sign-up.ts'
import { openSignupGroups } from '../../src/flows/signup-groups.ts'
import { openSuggested } from '../../src/flows/suggested.ts'
import { openSuggesters } from '../../src/flows/suggesters.ts'
import { openTally } from '../../src/flows/tally.ts'
import { openMetrics } from '../../src/metrics.ts'
import { openCopies } from '../../src/store/copy-out.ts'
import { readInstallation } from '../../src/store/installation.ts'
import { type Database, isDatabaseAway } from '../../src/store/open-database.ts'
import { openTemplates } from '../../src/templates.ts'
import { makeDatabase, type TestDatabase } from './database.ts'

export const adminToken = 'admin-token-for-tests-only-0001'
export const nobody: Client = { address: '192.0.2.7', key: null, wideKey: null, agent: 'a test' }

export type AdminHouse = {
  readonly database: Database
  readonly url: string
  readonly deps: Service & Pick<ExportDeps, 'copies'>
  readonly app: HttpRoutes
  readonly logged: string[]
  /** Addresses that the dev mailbox was told to forget. */
  readonly forgotten: string[]
  /** Asks with the token. */
  api(path: string, init?: RequestInit): Promise<Response>
  /** The same, read as JSON of the shape that the test takes it for. */
  json<Shape = Shown>(path: string, init?: RequestInit): Promise<Shape>
  /** Sends JSON with the token. */
  send<Shape = Shown>(method: string, path: string, body?: object): Promise<{ status: number; body: Shape }>
  /** Puts the clock forward. */
  passSeconds(seconds: number): void
  /** The ids of a new signup and its letter. */
  signUp(email: string, own?: SignUpExtras): Promise<{ signupId: string; letterId: string }>
  confirm(letterId: string): Promise<void>
  subscribe(email: string, own?: SignUpExtras): Promise<{ signupId: string; letterId: string }>
  close(): Promise<void>
}

/** What tests look at in the admin's answers. */
export type Shown = {
  id: string
  email: string
  status: unknown
  code: string
  field: string
  next: string | null
  items: Shown[]
  letters: { state: string }[]
  events: { type: string; detail: unknown }[]
  counts: Record<string, number>
  bounces: Record<string, number>
  consent_version: number
  reply_to: string | null
  confirmed_url: string | null
}

export type SignUpExtras = {
  list?: string
  source?: string
  attributes?: Record<string, string>
  consent?: string
}

export async function openAdminHouse(): Promise<AdminHouse> {
  const made = await makeDatabase()
  const logged: string[] = []
  const forgotten: string[] = []
  const clock = { ahead: 0 }
  const deps = await makeDeps(made, logged, () => new Date(Date.now() + clock.ahead))
  const { app } = createShell({
    basePath: '',
    trustProxy: 0,
    allowedOrigins: '*',
    log: { debug() {}, warn: (event) => logged.push(event), error: (event) => logged.push(event) },
    isDatabaseAway,
  })
  const admin = adminRoutes(
    { ...deps, eraseFromMailbox: async (email) => void forgotten.push(email) },
    { adminToken },
  )
  app.route('/', admin)
  app.route('/', docsRoutes({ admin, baseUrl: () => 'https://lists.example.com' }))
  const { db } = made.database

  async function signUpOne(email: string, own: SignUpExtras = {}) {
    const { list = 'default', source = null, attributes = null, consent = null } = own
    const input = { email, list, source, attributes, consent, asTyped: true, honeypot: false, client: nobody }
    const result = await signUp(deps, { ...input, locale: () => 'en' })
    if (result.kind !== 'accepted') throw new Error(`the signup was ${result.kind}`)
    const letter = await db
      .selectFrom('letters')
      .select(['id', 'signup_id'])
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    return { signupId: letter.signup_id, letterId: letter.id }
  }

  async function confirmOne(letterId: string): Promise<void> {
    const token = makeLinkToken(deps.ring.current, 'confirm', letterId)
    const outcome = await confirm(deps, { token, client: nobody })
    if (outcome.kind !== 'confirmed') throw new Error(`the confirmation was ${outcome.kind}`)
  }

  const api = async (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: { authorization: `Bearer ${adminToken}`, ...init.headers } })

  return {
    database: made.database,
    url: made.url,
    deps,
    app,
    logged,
    forgotten,
    api,
    json: async (path, init) => JSON.parse(await (await api(path, init)).text()),
    async send(method, path, body) {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const answer = await api(path, { method, headers: { 'content-type': 'application/json' }, ...sent })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
    },
    passSeconds(seconds) {
      clock.ahead += seconds * 1000
    },
    signUp: signUpOne,
    confirm: confirmOne,
    async subscribe(email, own) {
      const made = await signUpOne(email, own)
      await confirmOne(made.letterId)
      return made
    },
    async close() {
      await deps.copies.close()
      await made.close()
    },
  }
}

async function makeDeps(
  { database }: TestDatabase,
  logged: string[],
  now: () => Date,
): Promise<Service & Pick<ExportDeps, 'copies'>> {
  const { db, notices } = database
  const ring = openKeyRing('secret-key-for-tests-only-which-is-long-enough')
  const limits = { perClient: null, perList: null, perMailbox: null }
  const day = 24 * 60 * 60
  const write = (event: string) => void logged.push(event)
  const log = { debug: write, info: write, warn: write, error: write }
  const metrics = openMetrics()
  return {
    db,
    notices,
    ...(await readInstallation(db)),
    ring,
    rules: {
      limits,
      confirmWithin: 7 * day,
      suppressFor: 180 * day,
      refuseDisposable: false,
      bounceRateLimit: 0.03,
      forgetAfter: 30 * day,
      keepIp: 90 * day,
      keepUnsubscribed: 3 * 365 * day,
      from: { name: 'Ayes', address: 'ayes@example.com' },
      returnPath: null,
      holdsLetters: false,
      markedFor: [],
    },
    links: openLinks(() => 'https://lists.example.com'),
    lists: openLists(db),
    admission: openAdmission({ kind: 'off' }, { db, ring, rules: { limits }, now, metrics, log }),
    groups: openSignupGroups({ db, limits, keyId: ring.current.id, now }),
    pace: openLetterPace(notices),
    tally: openTally(db, now),
    suggested: openSuggested(),
    suggesters: openSuggesters([], await openProvenDomains(db, notices)),
    mailDomains: noMailDomains,
    templates: await openTemplates(new URL('../../templates', import.meta.url).pathname, null, true),
    log,
    metrics,
    now,
    copies: openCopies(database.connection),
  }
}
