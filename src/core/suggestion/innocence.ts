import type { Ending } from './ending.ts'

/** In nats, tuned on lists of real domains (`npm run bench -- suggestion`). */
export const INNOCENCE = {
  /** How unlikely a letter of an unknown name is. */
  letter: 2.6,
  /** A word that names of mail services are made of, whole. */
  word: 4.1,
  endingCom: 1.6,
  endingOther: 3.5,
  /** An ending that does not exist and is near none that does. */
  deadEnding: 9,
}

/** Words that so many real names begin or end with that they say little about a slip. */
const WORDS = ['mail', 'cloud', 'live']

/**
 * How likely it is, in nats, that somebody has a mailbox at a domain of this name which we know nothing about.
 * `logRepair`: for an ending that does not exist, how likely it stands for one that does.
 */
export function logInnocent(ending: Ending, logRepair: number | null): number {
  return -costOfName(ending.name === '' ? ending.suffix : ending.name) + ofEnding(ending, logRepair)
}

function ofEnding(ending: Ending, logRepair: number | null): number {
  if (!ending.live) return logRepair ?? -INNOCENCE.deadEnding
  return ending.suffix === 'com' ? -INNOCENCE.endingCom : -INNOCENCE.endingOther
}

function costOfName(name: string): number {
  const letters = name.length - dotsIn(name)
  const whole = letters * INNOCENCE.letter
  let least = whole
  for (const word of WORDS) {
    if (word.length * INNOCENCE.letter <= INNOCENCE.word) continue
    if (!name.endsWith(word) && !name.startsWith(word)) continue
    const cost = whole - word.length * INNOCENCE.letter + INNOCENCE.word
    if (cost < least) least = cost
  }
  return least
}

function dotsIn(name: string): number {
  let dots = 0
  for (let i = 0; i < name.length; i += 1) if (name.charCodeAt(i) === 46) dots += 1
  return dots
}
