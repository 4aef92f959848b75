// A posted form as a plain record of strings; `attributes[name]` fields become one object.
import type { PlainRecord } from './json-record.ts'
import { problem } from './problem.ts'

const MOST_FIELDS = 200
const GROUPED = /^([a-z_]{1,32})\[([^[\]]*)\]$/
const LONGEST_NAME = 100

export type FormRules = {
  /** Fields that may come once only; the last of several others counts. */
  once?: readonly string[]
  /** Fields that come as `field[name]` and become objects. */
  groups?: readonly string[]
}

type Field = readonly [name: string, value: string | File]

export function formRecord(fields: readonly Field[], rules: FormRules): PlainRecord {
  if (fields.length > MOST_FIELDS) throw problem(400, 'bad-request', 'The form has too many fields.')
  const record: PlainRecord = Object.create(null)
  const groups = new Map<string, PlainRecord>()
  for (const [name, value] of fields) {
    const [, group, member] = GROUPED.exec(name) ?? []
    if (group !== undefined && member !== undefined && rules.groups?.includes(group)) {
      const members: PlainRecord = groups.get(group) ?? Object.create(null)
      groups.set(group, members)
      put(members, member, value, { label: name, once: true })
    } else {
      put(record, name, value, { label: name, once: rules.once?.includes(name) ?? false })
    }
  }
  for (const [group, members] of groups) record[group] = members
  return record
}

function put(
  record: PlainRecord,
  name: string,
  value: string | File,
  rule: { label: string; once: boolean },
) {
  const field = rule.label.slice(0, LONGEST_NAME)
  if (name.includes('\0') || (typeof value === 'string' && value.includes('\0'))) {
    throw problem(
      400,
      'bad-request',
      'A NUL character is not accepted.',
      name.includes('\0') ? {} : { field },
    )
  }
  if (name === '__proto__') return
  if (typeof value !== 'string') {
    if (!rule.once) return // an upload that nobody asked for, like any unknown field
    throw problem(400, 'bad-request', `${field} is a file and should be text.`, { field })
  }
  if (rule.once && name in record) {
    throw problem(400, 'bad-request', `${field} is given more than once.`, { field })
  }
  record[name] = value
}

/** The fields of an application/x-www-form-urlencoded text; a percent sign that escapes nothing stands for itself. */
export function urlencodedFields(text: string): Field[] {
  if (text === '') return []
  return text.split('&', MOST_FIELDS + 1).map((pair) => {
    const at = pair.indexOf('=')
    return at === -1 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
  })
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    throw problem(400, 'bad-request', 'The form is not valid UTF-8.')
  }
}

/** The fields of a multipart/form-data body (RFC 7578). */
export async function multipartFields(bytes: Buffer, contentType: string): Promise<Field[]> {
  try {
    const response = new Response(new Uint8Array(bytes), { headers: { 'Content-Type': contentType } })
    return [...(await response.formData())]
  } catch {
    throw problem(400, 'bad-request', 'The body is not valid multipart/form-data.')
  }
}
