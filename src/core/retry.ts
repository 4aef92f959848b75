// When a letter that was refused for now is tried again. The first pause is short because a visitor is waiting;
// the rest grow as RFC 5321, 4.5.4.1 asks, until two days have passed.

const firstPauseSeconds = 15
const longestPauseSeconds = 4 * 60 * 60
export const giveUpAfterSeconds = 48 * 60 * 60

/** Seconds until the next try. `attempts`: tries so far, 1 or more. `chance`: 0 to 1, so that letters spread out. */
export function pauseAfter(attempts: number, chance: number): number {
  const grown = firstPauseSeconds * 2 ** Math.min(attempts - 1, 20)
  return Math.min(grown, longestPauseSeconds) * (1 + chance / 3)
}

/** Seconds that the sender waits while the relay itself is in trouble. `times`: failures in a row, 1 or more. */
export function relayPauseAfter(times: number): number {
  return Math.min(2 * 2 ** Math.min(times - 1, 10), 30)
}

/** Seconds of suppression after a 5.1.1: a day at first, then twice as long each time (contract, section 3). */
export function suppressionAfter(lastSeconds: number | null, longestSeconds: number): number {
  return Math.min(lastSeconds === null ? 24 * 60 * 60 : lastSeconds * 2, longestSeconds)
}

/** not-me and complaints keep letters away for 180 days. */
export const declinedSeconds = 180 * 24 * 60 * 60
