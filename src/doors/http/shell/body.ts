// Bodies as the resources get them: a plain record for their schema, or the record already checked by it.
import { isUtf8 } from 'node:buffer'
import type { z } from 'zod'
import { type BodyLimits, readBytes } from './body-bytes.ts'
import { type Encoding, encodingOf } from './content-type.ts'
import { type FormRules, formRecord, multipartFields, urlencodedFields } from './form-record.ts'
import type { HttpContext } from './http-env.ts'
import { type PlainRecord, readJsonRecord } from './json-record.ts'
import { problem } from './problem.ts'
import { refuseInvalid } from './validation.ts'

export type BodyRules = BodyLimits &
  FormRules & {
    /** What the body may come in; JSON alone unless given. */
    accept?: readonly Encoding[]
    /** Yes-or-no fields: in a form `on`, `1` and `true` are true, and empty, `off`, `0` and `false` are false. */
    flags?: readonly string[]
  }

export const ANY_FORM: readonly Encoding[] = ['json', 'urlencoded', 'multipart']
const JSON_ONLY: readonly Encoding[] = ['json']
const TRUE = new Set(['on', '1', 'true'])
const FALSE = new Set(['', 'off', '0', 'false'])

export async function readRecord(c: HttpContext, rules: BodyRules = {}): Promise<PlainRecord> {
  const encoding = encodingOf(c, rules.accept ?? JSON_ONLY)
  const bytes = await readBytes(c, rules)
  if (!isUtf8(bytes)) throw problem(400, 'bad-request', 'The body is not valid UTF-8.')
  if (encoding === 'json') return readJsonRecord(withoutMark(bytes.toString('utf8')), rules.once)
  const fields =
    encoding === 'multipart'
      ? await multipartFields(bytes, c.req.header('content-type') ?? '')
      : urlencodedFields(formText(bytes))
  return withFlags(formRecord(fields, rules), rules.flags ?? [])
}

/** The body read and checked; what the schema refuses is 400 `bad-request`. Its fields may come once each. */
export async function readInput<S extends z.ZodObject>(
  c: HttpContext,
  schema: S,
  rules: BodyRules = {},
): Promise<z.output<S>> {
  const record = await readRecord(c, { once: fieldsOf(schema), ...rules })
  const checked = schema.safeParse(record)
  if (!checked.success) throw refuseInvalid(checked.error)
  return checked.data
}

const fields = new WeakMap<z.ZodObject, readonly string[]>()

// The same array each time: what is made of it is kept with it.
function fieldsOf(schema: z.ZodObject): readonly string[] {
  const known = fields.get(schema) ?? Object.keys(schema.shape)
  fields.set(schema, known)
  return known
}

// `curl -d '{…}'` calls its JSON a form, and would be told that the address is missing.
function formText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!/^\s*\{\s*"/.test(text)) return text
  throw problem(
    415,
    'unsupported-media-type',
    'The body looks like JSON: send it as Content-Type application/json.',
  )
}

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function withFlags(record: PlainRecord, flags: readonly string[]): PlainRecord {
  for (const name of flags) {
    const value = record[name]
    if (typeof value !== 'string') continue
    if (TRUE.has(value)) record[name] = true
    else if (FALSE.has(value)) record[name] = false
  }
  return record
}
