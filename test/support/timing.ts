// How long answers take, kind by kind, asked for one at a time over one connection and in an order that chance makes.
import { Agent, request } from 'node:http'

export type Ask = () => { path: string; body: object | null }

/** Milliseconds from the first byte of the request to the last of the answer, by kind. */
export type Timings<K extends string> = Record<K, number[]>

type Answer = { status: number; ms: number }

/** Asks `rounds` times for each kind; one round has each kind once, shuffled. */
export async function timeKinds<K extends string>(
  base: string,
  kinds: Readonly<Record<K, Ask>>,
  { rounds, warmUp, expected }: { rounds: number; warmUp: number; expected: number },
): Promise<Timings<K>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const names = Object.keys(kinds).filter((name): name is K => name in kinds)
  const timings = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Timings<K>
  try {
    for (let round = -warmUp; round < rounds; round++) {
      for (const name of shuffled(names)) {
        const { path, body } = kinds[name]()
        const { status, ms } = await ask(agent, new URL(path, base), body)
        if (status !== expected) throw new Error(`${name} was answered with ${status}`)
        if (round >= 0) timings[name].push(ms)
      }
    }
  } finally {
    agent.destroy()
  }
  return timings
}

function ask(agent: Agent, url: URL, body: object | null): Promise<Answer> {
  const text = body === null ? null : JSON.stringify(body)
  const headers =
    text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const asked = request(url, { agent, method: text === null ? 'GET' : 'POST', headers }, (answer) => {
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, ms: performance.now() - start }))
      answer.on('error', reject)
      answer.resume()
    })
    asked.on('error', reject)
    asked.end(text ?? undefined)
  })
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = items.map((item) => ({ item, at: Math.random() }))
  return order.sort((a, b) => a.at - b.at).map(({ item }) => item)
}

/**
 * The chance that an answer of one kind takes longer than one of the other (common-language effect size, the area
 * under the ROC curve): 0.5 where nothing tells them apart. Counts ranks, so that a pause of the machine weighs as
 * much as any other answer.
 */
export function chanceOfLonger(one: readonly number[], other: readonly number[]): number {
  const sorted = other.toSorted((a, b) => a - b)
  const below = (value: number, orEqual: boolean) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const at = sorted[middle] ?? 0
      if (at < value || (orEqual && at === value)) low = middle + 1
      else high = middle
    }
    return low
  }
  const wins = one.reduce((sum, value) => sum + (below(value, false) + below(value, true)) / 2, 0)
  return wins / (one.length * other.length)
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
