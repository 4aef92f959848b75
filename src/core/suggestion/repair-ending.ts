import { costOf } from './channel.ts'
import type { Ending } from './ending.ts'
import { leastByLetters } from './target-cost.ts'
import { lettersOf } from './target-list.ts'

/** Endings that people mean, with their share in per mille: the candidates for one that does not exist. */
const ENDINGS =
  'com 480 de 60 net 45 org 45 co.uk 40 ru 35 fr 30 it 25 nl 20 com.br 22 edu 20 ca 14 com.au 14 pl 14 es 12 eu 10 ' +
  'ch 10 be 10 info 10 in 10 co.in 6 gov 6 co.jp 8 jp 5 cz 6 at 7 se 7 dk 5 no 5 fi 5 gr 4 hu 4 ro 4 us 5 io 4 ' +
  'co.nz 4 co.za 5 ie 4 pt 4 com.mx 5 com.ar 6 com.tr 4 co.kr 3 co.id 3 com.cn 3 cn 6 com.tw 2 com.ua 3 ua 2 ' +
  'biz 3 org.uk 5 ac.uk 4 gov.uk 1 gov.br 2 gov.ar 1 mx 2 com.co 2 com.pe 1 cl 2 sk 2 me 2 tv 2 ne.jp 1 ac.in 1 ac.jp 1'

const CANDIDATES = candidates()
const SUFFIXES = new Set(CANDIDATES.map((candidate) => candidate.suffix))
const MAX_COST = 9
const MARGIN = 0.4

export type RepairedEnding = {
  domain: string
  /** Log of how likely this slip of this ending is, in nats. */
  logLikelihood: number
}

/**
 * A domain whose ending does not exist, with the ending that was meant: company.con is company.com. The name
 * stays untouched. Null where no ending, or more than one, is near.
 */
export function repairEnding(typed: string, ending: Ending): RepairedEnding | null {
  if (ending.name === '') return withLostDot(typed)
  let best: RepairedEnding | null = null
  let second = -Infinity
  for (const { name, tail } of splits(typed, ending)) {
    const letters = lettersOf(tail)
    for (const candidate of CANDIDATES) {
      // What cannot come near the best so far changes nothing.
      const enough = best === null ? MAX_COST : candidate.logShare - best.logLikelihood + MARGIN
      const limit = Math.min(MAX_COST, enough)
      const { suffix } = candidate
      if (leastByLetters(tail.length - suffix.length, letters, candidate.letters) > limit) continue
      const cost = costOf(tail, suffix, 0, limit)
      if (cost > limit || !isEndingAfter(name, suffix)) continue
      const domain = `${name}.${suffix}`
      const logLikelihood = candidate.logShare - cost
      if (best === null || logLikelihood > best.logLikelihood) {
        if (best !== null && best.domain !== domain) second = best.logLikelihood
        best = { domain, logLikelihood }
      } else if (best.domain !== domain && logLikelihood > second) second = logLikelihood
    }
  }
  return best !== null && best.logLikelihood - second >= MARGIN ? best : null
}

/** The name may end before the last dot or the one before it. */
function splits(typed: string, ending: Ending): { name: string; tail: string }[] {
  const one = { name: ending.name, tail: typed.slice(ending.name.length + 1) }
  const last = ending.name.lastIndexOf('.')
  return last > 0 ? [one, { name: typed.slice(0, last), tail: typed.slice(last + 1) }] : [one]
}

/** After `.co` or `.com` only an ending will do that makes one with it: example.co.lp is not example.co.pl. */
function isEndingAfter(name: string, suffix: string): boolean {
  const before = /\.(com?)$/.exec(name)?.[1]
  return before === undefined || SUFFIXES.has(`${before}.${suffix}`)
}

/** companycom: only the commonest endings, whole, after a name of some length. */
function withLostDot(typed: string): RepairedEnding | null {
  const match = /^(.{4,}[^-])(com|net|org|edu)$/.exec(typed)
  return match === null ? null : { domain: `${match[1]}.${match[2]}`, logLikelihood: -LOST_DOT }
}

const LOST_DOT = 3

function candidates(): { suffix: string; logShare: number; letters: number }[] {
  const words = ENDINGS.split(' ')
  return words.flatMap((suffix, i) => {
    const logShare = Math.log(Number(words[i + 1]) / 1000)
    return i % 2 === 0 ? [{ suffix, logShare, letters: lettersOf(suffix) }] : []
  })
}
