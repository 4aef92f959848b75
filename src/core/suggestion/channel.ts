import { LOOKALIKES, NEIGHBOURS } from './keyboard.ts'

/**
 * What a slip of the finger costs, in nats: the negative log of its probability, measured on lists of real typos.
 * A weighted Damerau distance from what was meant to what was typed.
 */
export const COST = {
  transposition: 2.9,
  omission: 3.3,
  omissionOfDoubled: 1.2,
  omissionOfFirst: 2.9,
  neighbourKey: 4.1,
  alike: 4.5,
  substitution: 6.3,
  onFirst: 1.5,
  doubling: 4.7,
  neighbourInsertion: 4.5,
  insertion: 6.6,
  lostDot: 0.6,
  extraDot: 3.9,
  inSuffix: 0.6,
} as const

const DOT = 46
const WIDTH = 128

/** What it costs to type one key for another, and to type one too many beside another, by typed * WIDTH + other. */
const substitution = new Float64Array(WIDTH * WIDTH).fill(COST.substitution)
const insertionBeside = new Float64Array(WIDTH * WIDTH).fill(COST.insertion)
for (const [typed, meant] of LOOKALIKES) substitution[typed * WIDTH + meant] = COST.alike
for (const [typed, other] of NEIGHBOURS) {
  substitution[typed * WIDTH + other] = COST.neighbourKey
  insertionBeside[typed * WIDTH + other] = COST.neighbourInsertion
}
for (let key = 0; key < WIDTH; key += 1) insertionBeside[key * WIDTH + key] = COST.doubling

const LONGEST = 64
const MAX = 1e9
let previous2 = new Float64Array(LONGEST + 1)
let previous = new Float64Array(LONGEST + 1)
let current = new Float64Array(LONGEST + 1)

/**
 * The cost of typing `typed` for `meant`, or a very large number where it is beyond `limit`. Both in lower case
 * ASCII. From `suffixAt` on in `meant` stands the ending, where every slip is cheaper.
 */
export function costOf(typed: string, meant: string, suffixAt: number, limit: number): number {
  const shorter = Math.min(typed.length, meant.length)
  if (typed.length > LONGEST || meant.length > LONGEST) return MAX
  // What both begin and end with costs nothing and needs no table.
  let from = 0
  while (from < shorter && typed.charCodeAt(from) === meant.charCodeAt(from)) from += 1
  let same = 0
  while (
    same < shorter - from &&
    typed.charCodeAt(typed.length - 1 - same) === meant.charCodeAt(meant.length - 1 - same)
  )
    same += 1
  return costBetween(typed, meant, {
    from,
    typedTo: typed.length - same,
    meantTo: meant.length - same,
    suffixAt,
    limit,
  })
}

type Part = { from: number; typedTo: number; meantTo: number; suffixAt: number; limit: number }

function costBetween(typed: string, meant: string, part: Part): number {
  const { from, typedTo, meantTo, suffixAt, limit } = part
  const width = typedTo - from
  startRow(typed, meant, part)
  let bestBefore = 0
  for (let i = from; i < meantTo; i += 1) {
    const letter = meant.charCodeAt(i)
    const next = meant.charCodeAt(i + 1)
    const discount = i >= suffixAt ? COST.inSuffix : 0
    const missing = omission(meant, i, letter) - (letter === DOT ? 0 : discount)
    let best = at(previous, 0) + missing
    current[0] = best
    for (let j = 1; j <= width; j += 1) {
      const key = typed.charCodeAt(from + j - 1)
      let cost = at(previous, j - 1)
      if (key !== letter) cost += swap(key, letter, i) - discount
      const left = at(previous, j) + missing
      if (left < cost) cost = left
      const extra = at(current, j - 1) + insertion(key, letter, next) - discount
      if (extra < cost) cost = extra
      if (i > from && j > 1 && key === meant.charCodeAt(i - 1) && typed.charCodeAt(from + j - 2) === letter) {
        const turned = at(previous2, j - 2) + COST.transposition - discount
        if (turned < cost) cost = turned
      }
      current[j] = cost
      if (cost < best) best = cost
    }
    // A transposition looks two rows back.
    if (best > limit && bestBefore > limit) return MAX
    bestBefore = best
    const spare = previous2
    previous2 = previous
    previous = current
    current = spare
  }
  return at(previous, width)
}

function at(row: Float64Array, index: number): number {
  return row[index] ?? MAX
}

function startRow(typed: string, meant: string, part: Part): void {
  const { from } = part
  const before = from === 0 ? 0 : meant.charCodeAt(from - 1)
  const next = meant.charCodeAt(from)
  const discount = from >= part.suffixAt ? COST.inSuffix : 0
  let cost = 0
  previous[0] = 0
  for (let j = from; j < part.typedTo; j += 1) {
    cost += insertion(typed.charCodeAt(j), before, next) - discount
    previous[j - from + 1] = cost
  }
}

function omission(meant: string, index: number, letter: number): number {
  if (letter === DOT) return COST.lostDot
  if (index === 0) return COST.omissionOfFirst
  return meant.charCodeAt(index - 1) === letter ? COST.omissionOfDoubled : COST.omission
}

function swap(typed: number, meant: number, index: number): number {
  const cost = at(substitution, typed * WIDTH + meant)
  return index === 0 ? cost + COST.onFirst : cost
}

/** An extra letter is cheapest beside its twin, then beside its neighbour on the keyboard. */
function insertion(typed: number, before: number, after: number): number {
  if (typed === DOT) return COST.extraDot
  const left = at(insertionBeside, typed * WIDTH + before)
  const right = after < WIDTH ? at(insertionBeside, typed * WIDTH + after) : MAX
  return left < right ? left : right
}
