// A provider has a bad day: it says "user unknown" to everybody. The alarm is raised, the provider recovers, the admin
// undoes the wave, and everybody gets a letter after all, but for who wants none.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './support/letters.ts'
import { openRefusingSink, type RefusingSink } from './support/refusing-sink.ts'
import { startTestService, type TestService } from './support/running-service.ts'
import type { SunkLetter } from './support/smtp-sink.ts'

type Wave = {
  id: string
  kind: string
  subject: string
  state: string
  numbers: { clients: number }
  undo: { sent: number; skipped: number; found: number; done_at: string | null } | null
  examples: { signup: string; reply: string }[]
}

const domain = 'outage.example'
let sink: RefusingSink
let service: TestService

beforeAll(async () => {
  sink = await openRefusingSink()
  service = await startTestService({
    SMTP_URL: sink.url,
    MAIL_FROM: 'Ayes <ayes@example.com>',
    BOUNCE_ADDRESS: '*@bounce.example.com',
    DNS_CHECK: 'off',
    TRUST_PROXY: '1',
  })
})
afterAll(async () => {
  await service.close()
  await sink.close()
})

let clients = 0
async function signUp(email: string): Promise<void> {
  const answer = await service.signUp({ email }, { 'x-forwarded-for': `198.51.100.${++clients}` })
  expect(answer.status).toBe(202)
}
const lettersTo = (email: string): SunkLetter[] => sink.letters.filter((letter) => letter.to === email)
const waves = async () => ((await (await service.admin('/api/waves')).json()) as { items: Wave[] }).items
const statusesOf = async (email: string) => {
  const answer = await service.admin(`/api/signups?email=${encodeURIComponent(email)}`)
  const { items } = (await answer.json()) as { items: { status: string }[] }
  return items.map(({ status }) => status)
}

/** The path of the letter's link, its soft line breaks put right. */
function linkIn(letter: SunkLetter | undefined, kind: 'confirm' | 'not-me'): string {
  const match = new RegExp(`/${kind}/[A-Za-z0-9_-]{43}`).exec(letter?.raw.replaceAll(/=\r?\n/g, '') ?? '')
  if (match === null) throw new Error(`the letter has no ${kind} link`)
  return match[0]
}

test('an outage at one provider, from the first refusal to the last confirmation', async () => {
  const well = Array.from({ length: 14 }, (_, n) => `well${n}@${domain}`)
  for (const email of well) await signUp(email)
  await eventually(async () => sink.letters.length === well.length, 'the first letters')

  sink.refuses.add(domain)
  const ill = Array.from({ length: 8 }, (_, n) => `ill${n}@${domain}`)
  for (const email of ill) await signUp(email)
  await signUp('elsewhere@fine.example')
  const wave = await eventually(async () => (await waves())[0], 'the alarm')
  expect(wave).toMatchObject({ kind: 'domain', subject: domain, state: 'open', undo: null })
  expect(wave.examples.length).toBeGreaterThan(0)
  expect(wave.examples[0]?.reply).toContain('User unknown')
  expect(service.logged.join('')).toContain('"wave-begun"')
  await eventually(async () => {
    const text = await (await service.admin('/metrics')).text()
    return text.includes('ayes_waves_open{kind="domain"} 1')
  }, 'the metric')
  await eventually(async () => (await statusesOf(ill[7] ?? ''))[0] === 'invalid', 'the last refusal')
  expect(lettersTo('elsewhere@fine.example')).toHaveLength(1)

  // one of those who were written to before says no, while the provider is ill
  const unwilling = well[0] ?? ''
  const no = await service.fetch(linkIn(lettersTo(unwilling)[0], 'not-me'), { method: 'POST' })
  expect(no.status).toBe(200)

  sink.refuses.clear()
  const answer = await service.admin(`/api/waves/${wave.id}/undo`, { method: 'POST' })
  expect(answer.status).toBe(202)
  expect(await answer.json()).toMatchObject({ state: 'undone', undo: { found: 8 } })
  expect((await service.admin(`/api/waves/${wave.id}/undo`, { method: 'POST' })).status).toBe(202)
  for (const email of ill) {
    await eventually(async () => lettersTo(email).length === 1, `the letter to ${email}`)
    const confirmed = await service.fetch(linkIn(lettersTo(email)[0], 'confirm'), {
      method: 'POST',
      headers: { accept: 'application/json' },
    })
    expect(await confirmed.json()).toEqual({ status: 'confirmed', list: 'default', email })
    expect(await statusesOf(email)).toEqual(['confirmed', 'replaced'])
  }
  expect(await waves()).toMatchObject([{ state: 'undone', undo: { found: 8, sent: 8, skipped: 0 } }])
  expect(lettersTo(unwilling)).toHaveLength(1)
  expect(await statusesOf(unwilling)).toEqual(['declined'])
  const list = await (await service.admin('/api/lists/default/subscribers?format=ndjson')).text()
  expect(list.trim().split('\n')).toHaveLength(ill.length)
  const suppressions = (await (await service.admin('/api/suppressions')).json()) as {
    items: { email: string }[]
  }
  expect(suppressions.items.map(({ email }) => email)).toEqual([unwilling])
}, 120_000)
