// Finds names that were meant for us and are not ours.
import { otherWords, ourBeginnings, settingNames } from './names.ts'
import type { Settings } from './settings.ts'

// Shorter names (PORT, HOST, ROLES) have neighbours in everybody's environment.
const shortestDistinctive = 7
// LOGLEVEL belongs to half of all programs, and nothing is lost when ours then stays at its default.
const ordinary = new Set(['LOGLEVEL'])
// What Docker and Kubernetes put into every container for a neighbour that happens to be called "smtp".
const injected = /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP)|_ENV_/

export function noteUnknownNames(settings: Settings, names: readonly string[]): void {
  for (const name of names.toSorted()) {
    const value = settings.text(name)
    if (value === null || settingNames.includes(name)) continue
    const mistake = mistakeIn(name, value, settings)
    if (mistake !== null) settings.mistakes.push(mistake)
  }
}

function mistakeIn(name: string, value: string, settings: Settings): string | null {
  if (ordinary.has(name) || name.length > 64 || injected.test(name) || /^(tcp|udp):\/\//.test(value))
    return null
  const other = otherWords[name]
  if (other !== undefined) return `${name} is not a setting of Ayes: write ${other}`
  if (name.startsWith('AYES_') && settingNames.includes(name.slice(5))) {
    return `${name} is not a setting of Ayes: write ${name.slice(5)}, without AYES_`
  }
  const nearest = nearestTo(name)
  if (nearest !== null && !settings.isSet(nearest)) {
    return `${name} is not a setting of Ayes: write ${nearest} if that is what it should be, else leave it out`
  }
  if (ourBeginnings.some((beginning) => name.startsWith(beginning))) {
    return `${name} is not a setting of Ayes: ${nearest === null ? 'leave it out' : `${nearest} is set already, so leave it out`}`
  }
  return null
}

/** Null where no name of ours is within a slip or two, by its length. */
function nearestTo(name: string): string | null {
  const upper = name.toUpperCase()
  let nearest: { name: string; distance: number } | null = null
  for (const known of settingNames) {
    if (known.length < shortestDistinctive) continue
    const distance = slipsBetween(upper, known)
    const allowed = known.length < 9 ? 1 : 2
    if (distance <= allowed && distance < (nearest?.distance ?? 3)) nearest = { name: known, distance }
  }
  return nearest?.name ?? null
}

/** Letters put in, left out, mistaken or exchanged with their neighbour (optimal string alignment). */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const swap =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + change, swap))
    }
  }
  return at(a.length, b.length)
}
