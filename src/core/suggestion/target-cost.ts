import { costOf } from './channel.ts'
import type { Ending } from './ending.ts'
import type { Target } from './target-list.ts'

/**
 * In nats: another live ending after the name of a brand that has none but its own. Where the name has a slip too it is
 * rather somebody's own name, but for gmial.com.ar: a country that was put behind .com.
 */
const FOREIGN_ENDING = 3
const FOREIGN_WITH_SLIP = 6
const BEHIND_COM = /^com?\./

/** The same for a name without any ending. */
const NO_ENDING = 4

/** The least that one letter costs in the channel: one for another, missing, extra. */
const LEAST = { swap: 3.5, omission: 2.3, insertion: 3.3 } as const

/** A brand with many countries is believed about another one: yahoo.id is not yahoo.co.id. */
export function mayMean(typed: Ending, target: Target): boolean {
  if (target.homes !== 'many' || !typed.live || typed.name !== target.name) return true
  return !target.suffix.endsWith(`.${typed.suffix}`)
}

export function costOfTarget(typed: string, ending: Ending, target: Target, limit: number): number {
  const cost = costOf(typed, target.domain, target.name.length + 1, limit)
  if (ending.name === '')
    return Math.min(cost, NO_ENDING + costOf(typed, target.name, target.name.length, limit - NO_ENDING))
  if (!hasForeignEnding(ending, target)) return cost
  const isWhole = ending.name === target.name || BEHIND_COM.test(ending.suffix)
  const ofEnding = isWhole ? FOREIGN_ENDING : FOREIGN_WITH_SLIP
  return Math.min(cost, ofEnding + costOf(ending.name, target.name, target.name.length, limit - ofEnding))
}

/** A cost that is never too high, from lengths and from the letters that occur in one of the two only. */
export function leastCost(typed: string, letters: number, ending: Ending, target: Target): number {
  const whole = leastByLetters(typed.length - target.domain.length, letters, target.letters)
  if (ending.name === '') {
    const ofName = leastByLetters(typed.length - target.name.length, letters, target.lettersOfName)
    return Math.min(whole, NO_ENDING + ofName)
  }
  if (!hasForeignEnding(ending, target)) return whole
  const ofName = leastByLetters(
    ending.name.length - target.name.length,
    letters & target.lettersOfName,
    target.lettersOfName,
  )
  return Math.min(whole, FOREIGN_ENDING + ofName)
}

/** `longer`: how many letters too many were typed; the letters are bits (`lettersOf`). */
export function leastByLetters(longer: number, typed: number, meant: number): number {
  const missing = bitCount(meant & ~typed)
  const extra = bitCount(typed & ~meant)
  const byLetters =
    missing < extra
      ? missing * LEAST.swap + (extra - missing) * LEAST.insertion
      : extra * LEAST.swap + (missing - extra) * LEAST.omission
  const byLength = longer * LEAST.insertion
  return byLength > byLetters ? byLength : byLetters
}

function hasForeignEnding(typed: Ending, target: Target): boolean {
  if (!target.wanders || !typed.live || typed.suffix === target.suffix) return false
  return target.homes === 'one' || target.slips.includes(typed.suffix)
}

function bitCount(bits: number): number {
  let v = bits - ((bits >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
