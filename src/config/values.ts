// The plain values of settings: numbers, durations, rates, words and lists of words.
import { quoted, type Reading } from './settings.ts'
import type { Rate } from './shape.ts'

const secondsIn: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 365 * 86_400 }

// A century: beyond it, sums of times leave what PostgreSQL and Date can hold sooner than anybody waits.
const longestDuration = 100 * 365 * 86_400

export function wholeNumber(least: number, most: number, note = ''): (text: string) => Reading<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return { kind: 'value', value }
    return {
      kind: 'wrong',
      problem: `is not a whole number from ${least} to ${most}`,
      instead: `a number from ${least} to ${most}${note}`,
    }
  }
}

export function duration(text: string): Reading<number> {
  const seconds = secondsOf(text)
  if (seconds !== null) return { kind: 'value', value: seconds }
  return {
    kind: 'wrong',
    problem: 'is not a duration from a second to a hundred years',
    instead: 'a number and a unit, such as 90s, 10m, 24h, 7d or 3y',
  }
}

/** `20/10m`: 20 within ten minutes. `off` is null. */
export function rate(text: string): Reading<Rate | null> {
  if (text === 'off') return { kind: 'value', value: null }
  const [count = '', window = '', ...more] = text.split('/')
  const seconds = secondsOf(window)
  if (/^[1-9]\d{0,8}$/.test(count) && seconds !== null && more.length === 0) {
    return { kind: 'value', value: { count: Number(count), seconds } }
  }
  return {
    kind: 'wrong',
    problem: 'is not a rate',
    instead: 'a number, a slash and a duration, such as 20/10m, or off for no limit',
  }
}

export function oneOf<const T extends string>(words: readonly T[]): (text: string) => Reading<T> {
  return (text) => {
    const value = words.find((word) => word === text)
    if (value !== undefined) return { kind: 'value', value }
    return { kind: 'wrong', problem: 'is not known', instead: inWords(words, 'or') }
  }
}

export function someOf<const T extends string>(words: readonly T[]): (text: string) => Reading<readonly T[]> {
  return (text) => {
    const named = splitList(text)
    const unknown = named.filter((name) => !words.some((word) => word === name))
    if (unknown.length === 0 && named.length > 0) {
      return { kind: 'value', value: words.filter((word) => named.includes(word)) }
    }
    return {
      kind: 'wrong',
      problem: `names ${unknown.map(quoted).join(', ') || 'nothing'}`,
      instead: `any of ${words.join(',')}, or all`,
    }
  }
}

export function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

export function inWords(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}

function secondsOf(text: string): number | null {
  const match = /^(\d{1,10})([smhdy])$/.exec(text)
  const seconds = Number(match?.[1]) * (secondsIn[match?.[2] ?? ''] ?? Number.NaN)
  return seconds >= 1 && seconds <= longestDuration ? seconds : null
}
