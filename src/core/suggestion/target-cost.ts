import { costOf } from './channel.ts'
import type { Ending } from './ending.ts'
import type { Target } from './target-list.ts'

/** In nats: another live ending after the name of a brand that has none but its own. */
const FOREIGN_ENDING = 3

/** The least that one letter costs in the channel: one for another, missing, extra. */
const LEAST = { swap: 3.5, omission: 2.3, insertion: 3.3 } as const

/** The same for a name without any ending. */
const NO_ENDING = 4

/** Live endings that are typed for .com and .net. */
const FOR_COM = new Set(['co', 'cm', 'om'])
const FOR_NET = new Set(['ne', 'et'])

/** Whether this ending may stand for that one: a live ending of an unknown name is never rewritten, apart
 *  from what is typed for .com and .net, and from brands that have one home. */
export function mayMean(typed: Ending, target: Target): boolean {
  if (!typed.live || typed.suffix === target.suffix || hasForeignEnding(typed, target)) return true
  if (target.suffix === 'com' && FOR_COM.has(typed.suffix)) return true
  if (target.suffix === 'net' && FOR_NET.has(typed.suffix)) return true
  // yahoo.cm.br is in .br, as yahoo.com.br is; but yahoo.id is not yahoo.co.id, a brand has many countries.
  if (!target.suffix.endsWith(`.${typed.suffix}`)) return false
  return target.homes !== 'many' || typed.name !== target.name
}

export function costOfTarget(typed: string, ending: Ending, target: Target, limit: number): number {
  const cost = costOf(typed, target.domain, target.name.length + 1, limit)
  if (ending.name === '')
    return Math.min(cost, NO_ENDING + costOf(typed, target.name, target.name.length, limit - NO_ENDING))
  if (!hasForeignEnding(ending, target)) return cost
  const ofName = costOf(ending.name, target.name, target.name.length, limit - FOREIGN_ENDING)
  return Math.min(cost, ofName + FOREIGN_ENDING)
}

/** A cost that is never too high, from lengths and from the letters that occur in one of the two only. */
export function leastCost(typed: string, letters: number, ending: Ending, target: Target): number {
  if (ending.name === '') return 0
  if (hasForeignEnding(ending, target)) return FOREIGN_ENDING
  const longer = (typed.length - target.domain.length) * LEAST.insertion
  const missing = bitCount(target.letters & ~letters)
  const extra = bitCount(letters & ~target.letters)
  const byLetters =
    missing < extra
      ? missing * LEAST.swap + (extra - missing) * LEAST.insertion
      : extra * LEAST.swap + (missing - extra) * LEAST.omission
  return longer > byLetters ? longer : byLetters
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
