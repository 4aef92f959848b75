// JSON.parse silently takes the last of several equal keys; a proxy or a filter before us may have read the first.

/** The first of `names` that the outermost object of `text`, which is valid JSON, has more than once. */
export function repeatedKey(text: string, names: readonly string[]): string | undefined {
  if (names.length === 0 || !mayRepeat(text, names)) return undefined
  const seen = new Set<string>()
  for (const key of outermostKeys(text)) {
    if (seen.has(key) && names.includes(key)) return key
    seen.add(key)
  }
  return undefined
}

// Nearly every body is settled here: no escape that could spell a name differently, no name twice.
function mayRepeat(text: string, names: readonly string[]): boolean {
  if (text.includes('\\u')) return true
  const found = text.match(anyOf(names)) ?? []
  return found.length > 1 && new Set(found).size < found.length
}

// Made once for each list of names, and those are as many as there are schemas.
const patterns = new WeakMap<readonly string[], RegExp>()

function anyOf(names: readonly string[]): RegExp {
  const made = patterns.get(names) ?? new RegExp(`"(?:${names.map(RegExp.escape).join('|')})"`, 'g')
  patterns.set(names, made)
  return made
}

const STRING_OR_BRACKET = /"(?:[^"\\]|\\.)*"|[{}[\]]/g
const COLON = /\s*:/y

function* outermostKeys(text: string): Generator<string> {
  let depth = 0
  for (const match of text.matchAll(STRING_OR_BRACKET)) {
    const [token] = match
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1) {
      COLON.lastIndex = match.index + token.length
      if (COLON.test(text)) yield String(JSON.parse(token))
    }
  }
}
