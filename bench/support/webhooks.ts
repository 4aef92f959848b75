import { existsSync, readFileSync } from 'node:fs'
import { type Provider, providers } from '../../src/core/bounce/door.ts'
import { readProviderEvents } from '../../src/core/bounce/providers/read-event.ts'

const dead = 'mailbox-does-not-exist'
const gate = { precision: 0.99, recall: 0.95 }

type Row = { provider: string; payload: unknown; label: string }
type Answer = { provider: string; want: string; got: string }

/** Measures what is made of providers' webhooks, by provider; `corpus` is the folder of the corpus with its last slash. */
export function measureWebhooks(corpus: string): object {
  const file = `${corpus}webhooks.jsonl`
  if (!existsSync(file)) {
    console.log(`webhooks: absent (${file})`)
    return { skipped: 'absent' }
  }
  const rows: Row[] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const answers: Answer[] = []
  const others = new Map<string, number>()
  for (const row of rows) {
    const provider = providerOf(row.provider)
    if (provider === null) others.set(row.provider, (others.get(row.provider) ?? 0) + 1)
    // one payload of several verdicts has no label of its own
    else if (row.label !== 'mixed')
      answers.push({ provider, want: row.label, got: answer(provider, row.payload) })
  }
  const byProvider = Object.fromEntries(
    providers.map((name) => [name, score(answers.filter(({ provider }) => provider === name))]),
  )
  const total = score(answers)
  const eventsPerSecond = batchRate()
  print(byProvider, total, others)
  console.log(`${eventsPerSecond} events of one SendGrid batch a second (gate 10000)`)
  return {
    byProvider,
    total,
    withoutDoor: Object.fromEntries(others),
    eventsPerSecond,
    gatesMet: total.precision >= gate.precision && total.recall >= gate.recall && eventsPerSecond >= 10_000,
  }
}

function providerOf(name: string): Provider | null {
  const short = name.replace(/^amazon_?/, '')
  return providers.find((provider) => provider === short) ?? null
}

function answer(provider: Provider, payload: unknown): string {
  const reports = readProviderEvents(provider, payload).map(({ report }) => report)
  const bounce = reports.find(({ isBounce }) => isBounce)
  if (bounce !== undefined) return bounce.category ?? 'none'
  return reports.some(({ rule }) => rule === 'delayed') ? 'temporary' : 'not-a-bounce'
}

type Score = {
  payloads: number
  agreed: number
  dead: number
  precision: number
  recall: number
  wrong: string[]
}

function score(answers: readonly Answer[]): Score {
  const wanted = answers.filter(({ want }) => want === dead)
  const given = answers.filter(({ got }) => got === dead)
  const right = wanted.filter(({ got }) => got === dead).length
  const wrong = answers.filter(({ want, got }) => merged(want) !== merged(got))
  return {
    payloads: answers.length,
    agreed: answers.length - wrong.length,
    dead: wanted.length,
    precision: given.length === 0 ? 1 : right / given.length,
    recall: wanted.length === 0 ? 1 : right / wanted.length,
    wrong: wrong.map(({ want, got }) => `${want} -> ${got}`),
  }
}

function merged(label: string): string {
  return label === 'policy-or-spam' || label === 'other-permanent' ? 'policy-or-spam, other-permanent' : label
}

function print(byProvider: Record<string, Score>, total: Score, others: Map<string, number>): void {
  console.log(
    `\nwebhooks      payloads  agreed  dead mailboxes  precision / recall (gate ${gate.precision} / ${gate.recall})`,
  )
  for (const [name, one] of [...Object.entries(byProvider), ['all', total] as const]) {
    const cells = [
      name.padEnd(14),
      String(one.payloads).padEnd(10),
      String(one.agreed).padEnd(8),
      String(one.dead).padEnd(16),
      `${one.precision.toFixed(3)} / ${one.recall.toFixed(3)}`,
    ]
    console.log(cells.join('') + (name === 'all' ? '' : one.wrong.map((what) => `  ${what}`).join('')))
  }
  const rest = [...others].map(([name, count]) => `${name} ${count}`).join(', ')
  console.log(`not measured, no door for them: ${rest === '' ? 'none' : rest}`)
}

/** From the bytes of a batch of 10,000 bounces to their verdicts. */
function batchRate(): number {
  const batch = JSON.stringify(Array.from({ length: 10_000 }, (_, at) => bounce(at)))
  readProviderEvents('sendgrid', JSON.parse(batch))
  const start = performance.now()
  const events = readProviderEvents('sendgrid', JSON.parse(batch))
  return Math.round((events.length * 1000) / (performance.now() - start))
}

function bounce(at: number): object {
  const email = `person-${at}@example-${at % 500}.org`
  return {
    email,
    timestamp: 1_700_000_000 + at,
    event: 'bounce',
    type: 'bounce',
    status: '5.1.1',
    reason: `550 5.1.1 <${email}>: Recipient address rejected: User unknown in virtual mailbox table, session ${at}`,
    'smtp-id': `<${'a'.repeat(42)}@lists.example.com>`,
    'ayes-letter': 'a'.repeat(42),
    sg_event_id: `event-${at}`,
    sg_message_id: `message-${at}.recvd-5f54b5d587-pczjm-1-67BADEEA-6.0`,
    bounce_classification: 'Invalid Address',
    ip: '192.0.2.1',
    tls: 1,
  }
}
