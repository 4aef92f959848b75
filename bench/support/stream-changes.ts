// How long a change takes to reach whoever follows the letter, in milliseconds.

import { type Asked, askReaders } from './reader-tasks.ts'
import { round } from './stream-figures.ts'
import { confirmPath, reportAbout } from './stream-letters.ts'
import type { Worker } from './worker.ts'

type Times = Record<string, number>
type Changes = {
  readonly readers: Worker
  readonly sink: Worker
  readonly url: string
  readonly handles: readonly string[]
  readonly bounceToken: string
}

const emailOf = (n: number) => `visitor.${n}@example.net`

/** All letters go out; then some are confirmed and refused one after the other, then many are confirmed at once. */
export async function measureChanges({ readers, sink, url, handles, bounceToken }: Changes) {
  const sent = await heard(readers, 'sent', handles.length)
  const { times: taken } = await sink.ask<{ times: Times }>({ what: 'times' })
  const [ones, refused, many] = share(handles)
  const relayAcceptsAll = spread(handles.map((handle, n) => between(taken[emailOf(n)], sent[handle])))
  const confirmedOneByOne = await posted(readers, ones, {
    ...{ url, paths: ones.map(confirmPath), atOnce: 1, letter: 'confirmed', atLeast: ones.length },
  })
  const bouncedOneByOne = await posted(readers, refused, {
    ...{ url, paths: refused.map(() => '/bounces/message'), atOnce: 1 },
    ...{ letter: 'undeliverable', atLeast: refused.length, token: bounceToken },
    bodies: refused.map((handle, n) => reportAbout(handle, emailOf(ones.length + n))),
  })
  const confirmedAtOnce = await posted(readers, many, {
    ...{ url, paths: many.map(confirmPath), atOnce: 64, letter: 'confirmed' },
    atLeast: ones.length + many.length,
  })
  return { relayAcceptsAll, confirmedOneByOne, bouncedOneByOne, confirmedAtOnce }
}

/** The same shares of the bare server's streams, each told something by a POST. */
export async function measureEmits(readers: Worker, url: string, names: readonly string[]) {
  const [ones, , many] = share(names)
  const paths = (part: readonly string[]) => part.map((name) => `/${name}`)
  const letter = 'confirmed'
  const oneByOne = await posted(readers, ones, {
    ...{ url, paths: paths(ones), atOnce: 1, letter, atLeast: ones.length },
  })
  const atOnce = await posted(readers, many, {
    ...{ url, paths: paths(many), atOnce: 64, letter, atLeast: ones.length + many.length },
  })
  return { oneByOne, atOnce }
}

type Post = {
  url: string
  paths: string[]
  atOnce: number
  letter: string
  /** Streams that have heard it when all of these have. */
  atLeast: number
  token?: string
  bodies?: string[]
}

/** From the request being written to its answer, and to the event on the stream. */
async function posted(readers: Worker, names: readonly string[], post: Post) {
  const { letter, atLeast, ...task } = post
  const { answers } = await askReaders<{ answers: Asked[] }>(readers, { what: 'post', ...task })
  const wrong = answers.find(({ status }) => status >= 300)
  if (wrong !== undefined) throw new Error(`a change was answered with ${wrong.status}`)
  const times = await heard(readers, letter, atLeast)
  return {
    changes: names.length,
    answer: spread(answers.map(({ asked, answered }) => answered - asked)),
    event: spread(names.map((name, n) => between(answers[n]?.asked, times[name]))),
  }
}

async function heard(readers: Worker, letter: string, atLeast: number): Promise<Times> {
  return (await askReaders<{ times: Times }>(readers, { what: 'heard', letter, atLeast })).times
}

/** A hundred, a hundred and five hundred of them; of few streams a fifth, a fifth and a half. */
function share(names: readonly string[]): [string[], string[], string[]] {
  const few = Math.min(100, Math.floor(names.length / 5))
  const many = Math.min(500, Math.floor(names.length / 2))
  return [names.slice(0, few), names.slice(few, 2 * few), names.slice(2 * few, 2 * few + many)]
}

function between(then: number | undefined, now: number | undefined): number {
  if (then === undefined || now === undefined) throw new Error('a change or its event has no time')
  return now - then
}

function spread(times: number[]) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0, 1)
  return { p50: at(0.5), p99: at(0.99), longest: at(1) }
}
