// How long letters take from signup to the relay's 250, as lately seen. A handle without a letter of its own passes
// through «queued» and «sent» at that pace, so that watching it tells nothing.
import type { Notices } from '../store/notices.ts'

const kept = 50
const firstGuessMs = 250
const mostMs = 60_000

export type LetterPace = { sample(): number }

export function openLetterPace(notices: Notices, chance: () => number = Math.random): LetterPace {
  const recent: number[] = []
  notices.listen('ayes_letter', (payload) => {
    const ms = Number(payload.split(' ')[1] ?? Number.NaN)
    // what waited for the relay says nothing about the usual pace
    if (!Number.isFinite(ms) || ms > mostMs) return
    recent.push(ms)
    if (recent.length > kept) recent.shift()
  })
  return {
    sample: () => recent[Math.floor(chance() * recent.length)] ?? Math.round(firstGuessMs * (0.5 + chance())),
  }
}
