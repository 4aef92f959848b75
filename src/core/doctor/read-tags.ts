export type TagReading =
  | { kind: 'tags'; tags: ReadonlyMap<string, string> }
  | { kind: 'wrong'; problem: string }

/**
 * A list of `tag=value` with semicolons between, as in DKIM keys (RFC 6376, section 3.2) and DMARC records (RFC 9989,
 * section 4.8). White space around tags and values does not count; a tag twice is a mistake.
 */
export function readTags(text: string): TagReading {
  const tags = new Map<string, string>()
  for (const part of text.replace(/;\s*$/, '').split(';')) {
    const match = /^\s*([A-Za-z][A-Za-z0-9_]*)\s*=(.*)$/s.exec(part)
    const [, tag = '', value = ''] = match ?? []
    if (match === null) return { kind: 'wrong', problem: `${JSON.stringify(part.trim())} is no tag=value` }
    if (tags.has(tag)) return { kind: 'wrong', problem: `the tag ${tag} stands there twice` }
    tags.set(tag, value.trim())
  }
  return { kind: 'tags', tags }
}
