/** Keys side by side on QWERTY, and the pairs that QWERTZ and AZERTY add. */
const ROWS = ['1234567890-', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm,.']
/** How far each row stands to the right of the first, in keys. */
const OFFSETS = [0, 0.5, 0.75, 1.25]
const OTHER_LAYOUTS = 'tz zu yx ys az zs qs qa wx ml pm lm km nm 0p 9o'.split(' ')

/** Letters that look or sound alike, in the order typed, meant. */
const ALIKE =
  '0o o0 1l l1 1i i1 il li mn nm vu uv uo ou ae ea ie ei qg gq kc ck sz zs pb bp dt td vw wv 5s 3e yi iy jg gj ao oa ai ia 4a b6 6b'.split(
    ' ',
  )

/** Character codes of two keys, in both orders. */
export const NEIGHBOURS: readonly (readonly [number, number])[] = neighbours()

/** Character codes, in the order typed, meant. */
export const LOOKALIKES: readonly (readonly [number, number])[] = ALIKE.map(codesOf)

function codesOf(pair: string): readonly [number, number] {
  return [pair.charCodeAt(0), pair.charCodeAt(1)]
}

function neighbours(): (readonly [number, number])[] {
  const keys = ROWS.flatMap((row, y) => [...row].map((key, x) => ({ key, x: x + (OFFSETS[y] ?? 0), y })))
  const pairs = OTHER_LAYOUTS.flatMap(([a = '', b = '']) => [a + b, b + a])
  for (const a of keys) {
    for (const b of keys) {
      if (a !== b && Math.abs(a.x - b.x) <= 1 && Math.abs(a.y - b.y) <= 1) pairs.push(a.key + b.key)
    }
  }
  return pairs.map(codesOf)
}
