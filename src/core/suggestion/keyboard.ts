/** Keys side by side on QWERTY, and the pairs that QWERTZ and AZERTY add. */
const ROWS = ['1234567890-', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm,.']
/** How far each row stands to the right of the first, in keys. */
const OFFSETS = [0, 0.5, 0.75, 1.25]
const OTHER_LAYOUTS = [
  'tz',
  'zu',
  'yx',
  'ys',
  'az',
  'zs',
  'qs',
  'qa',
  'wx',
  'ml',
  'pm',
  'lm',
  'km',
  'nm',
  '0p',
  '9o',
]

/** Letters that look or sound alike, in the order typed, meant. */
const ALIKE = [
  '0o',
  'o0',
  '1l',
  'l1',
  '1i',
  'i1',
  'il',
  'li',
  'mn',
  'nm',
  'vu',
  'uv',
  'uo',
  'ou',
  'ae',
  'ea',
  'ie',
  'ei',
  'qg',
  'gq',
  'kc',
  'ck',
  'sz',
  'zs',
  'pb',
  'bp',
  'dt',
  'td',
  'vw',
  'wv',
  '5s',
  '3e',
  'yi',
  'iy',
  'jg',
  'gj',
  'ao',
  'oa',
  'ai',
  'ia',
  '4a',
  'b6',
  '6b',
]

const NEIGHBOURS = neighbours()
const LOOKALIKES = new Set(ALIKE.map(([a = '', b = '']) => pairCode(a.charCodeAt(0), b.charCodeAt(0))))

export function areNeighbours(a: number, b: number): boolean {
  return NEIGHBOURS.has(pairCode(a, b))
}

export function lookAlike(typed: number, meant: number): boolean {
  return LOOKALIKES.has(pairCode(typed, meant))
}

function pairCode(a: number, b: number): number {
  return a * 128 + b
}

function neighbours(): Set<number> {
  const pairs = new Set<number>()
  const keys = ROWS.flatMap((row, y) => [...row].map((key, x) => ({ key, x: x + (OFFSETS[y] ?? 0), y })))
  for (const a of keys) {
    for (const b of keys) {
      if (a !== b && Math.abs(a.x - b.x) <= 1 && Math.abs(a.y - b.y) <= 1) {
        pairs.add(pairCode(a.key.charCodeAt(0), b.key.charCodeAt(0)))
      }
    }
  }
  for (const [a = '', b = ''] of OTHER_LAYOUTS) {
    pairs.add(pairCode(a.charCodeAt(0), b.charCodeAt(0)))
    pairs.add(pairCode(b.charCodeAt(0), a.charCodeAt(0)))
  }
  return pairs
}
