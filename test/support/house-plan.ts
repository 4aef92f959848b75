// The rooms of the house, and what a file in one of them must not import.

type Room = { name: string; floor: number }

/** The first that fits. Whatever else lies directly in src/ belongs to the composition root. */
const rooms: readonly [RegExp, Room][] = [
  [/^src\/core\//, { name: 'core', floor: 0 }],
  [/^src\/store\//, { name: 'store', floor: 1 }],
  [/^src\/mail\//, { name: 'mail', floor: 1 }],
  [/^src\/(templates|log|metrics|dns|data-dir)[./]/, { name: '', floor: 1 }],
  [/^src\/flows\//, { name: 'flows', floor: 2 }],
  [/^src\/doors\//, { name: 'doors', floor: 3 }],
  [/^src\/config[./]/, { name: 'config', floor: 4 }],
  [/^src\/((main|cli)[./]|[^/]+\.ts$)/, { name: 'root', floor: 4 }],
]

export function roomOf(path: string): Room | null {
  const match = rooms.find(([pattern]) => pattern.test(path))
  if (match === undefined) return null
  const [pattern, room] = match
  return { ...room, name: room.name || (pattern.exec(path)?.[1] ?? '') }
}

// Their types may be used by all above, so that a part can say what it wants to report to.
const typesForAll = new Set(['log', 'metrics', 'dns', 'config'])

/** Why this import is a breach; null where it is none. */
export function breach(path: string, target: string, isType: boolean): string | null {
  const [from, to] = [roomOf(path), roomOf(target)]
  if (from === null) return 'lies in no room of the house'
  if (to === null) return `imports ${target}, which lies in no room of the house`
  if (from.name === to.name) return null
  if (isType && from.floor > 0 && typesForAll.has(to.name)) return null
  if (from.name === 'doors' && (to.name === 'store' || to.name === 'mail')) {
    return `imports ${target}: doors call flows, and main hands them what they show`
  }
  if (to.name === 'root') return `imports ${target}: nothing imports the composition root`
  if (from.name === 'root' && to.name === 'config') return null
  return to.floor < from.floor
    ? null
    : `imports ${target}, which lies ${to.floor === from.floor ? 'beside' : 'above'} it`
}
