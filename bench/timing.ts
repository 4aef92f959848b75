// Whether the time that an answer takes tells what is known about an address: every kind against a new address.
import { randomUUID } from 'node:crypto'
import { openDatabase } from '../src/store/open-database.ts'
import { makeKnownPeople } from '../test/support/known-people.ts'
import { type Ask, chanceOfLonger, quantile, type Timings, timeKinds } from '../test/support/timing.ts'
import { startBenchServer } from './support/bench-server.ts'
import { readOptions } from './support/options.ts'
import { startServiceProcess } from './support/service-process.ts'

const perMailbox = 3
const trapped = { website: 'http://spam.example' }

export async function run(given: readonly string[] = []): Promise<object> {
  const { rounds } = readOptions(given, { rounds: 500 })
  const warmUp = Math.min(100, rounds)
  const server = await startBenchServer()
  try {
    const { url: databaseUrl } = await server.makeDatabase()
    const service = await startServiceProcess({
      DATABASE_URL: databaseUrl,
      // letters are another process's work
      ROLES: 'http',
      LETTERS_PER_LIST: 'off',
      LETTERS_PER_MAILBOX: `${perMailbox}/24h`,
      SIGNUPS_PER_CLIENT: '1000000/10m',
      PROOF_OF_WORK: 'off',
    })
    const { db, close } = await openDatabase({ databaseUrl, dataDir: '' })
    try {
      const known = await makeKnownPeople(db, rounds + warmUp, perMailbox)
      const oneOf =
        (emails: string[]): Ask =>
        () =>
          signup(emails.pop() ?? '')
      const timings = await timeKinds(
        service.url ?? '',
        {
          new: () => signup(someone()),
          // the same kind once more: what chance makes of it
          again: () => signup(someone()),
          repeat: oneOf(known.repeat),
          already: oneOf(known.already),
          limited: oneOf(known.limited),
          declined: oneOf(known.declined),
          bounced: oneOf(known.bounced),
          honeypot: () => signup(someone(), trapped),
        },
        { rounds, warmUp, expected: 202 },
      )
      const [followed, quiet] = [await follow(service.url, {}), await follow(service.url, trapped)]
      const following = await timeKinds(
        service.url ?? '',
        { new: followed, again: followed, quiet },
        { rounds, warmUp, expected: 200 },
      )
      return {
        bench: 'timing',
        postgres: { version: server.version, fsync: server.fsync },
        rounds,
        signups: figures(timings),
        handles: figures(following),
      }
    } finally {
      await close()
      await service.stop()
    }
  } finally {
    await server.close()
  }
}

function someone(): string {
  return `${randomUUID()}@example.org`
}

function signup(email: string, more: object = {}): ReturnType<Ask> {
  return { path: '/signups', body: { email, ...more } }
}

/** Asks what became of the letter of one signup, again and again. */
async function follow(url: string | null, more: object): Promise<Ask> {
  const { path, body } = signup(someone(), more)
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const { handle } = (await answer.json()) as { handle: string }
  return () => ({ path: `/signups/${handle}`, body: null })
}

/** In milliseconds; `longerThanNew` is the chance that an answer of the kind takes longer than one to a new address. */
function figures(timings: Timings<string>) {
  return Object.fromEntries(
    Object.entries(timings).map(([kind, ms]) => [
      kind,
      {
        p50: round(quantile(ms, 0.5)),
        p90: round(quantile(ms, 0.9)),
        longerThanNew: round(chanceOfLonger(ms, timings.new ?? [])),
      },
    ]),
  )
}

function round(value: number): number {
  return Number(value.toFixed(3))
}
