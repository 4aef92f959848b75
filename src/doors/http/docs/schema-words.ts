// A JSON Schema in words: what type a value has, and what the fields of an object are.

/** The parts of a JSON Schema that ours use. */
export type SchemaLike = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly items?: SchemaLike
  readonly properties?: Readonly<Record<string, SchemaLike>>
  readonly required?: readonly string[]
  readonly additionalProperties?: SchemaLike | boolean
  readonly maxLength?: number
  readonly anyOf?: readonly SchemaLike[]
  readonly oneOf?: readonly SchemaLike[]
  readonly allOf?: readonly SchemaLike[]
}

export function isSchema(value: unknown): value is SchemaLike {
  return typeof value === 'object' && value !== null
}

/** As HTML: names of ours are links, and nothing in a schema of ours needs escaping but is escaped all the same. */
export function typeOf(schema: SchemaLike | undefined): string {
  if (schema === undefined) return 'anything'
  if (schema.$ref !== undefined) return link(schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1))
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.map(typeOf).join(' or ')
  if (schema.allOf !== undefined) return schema.allOf.map(typeOf).join(' and ')
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(code).join(' | ')
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  if (schema.properties !== undefined) return fields(schema.properties)
  if (isSchema(schema.additionalProperties)) return `object of ${typeOf(schema.additionalProperties)}`
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['anything'])
  const most = schema.maxLength === undefined ? '' : ` of at most ${schema.maxLength} characters`
  return types.map((type) => (type === 'string' ? `string${most}` : type)).join(' or ')
}

export type SchemaRow = {
  readonly name: string
  readonly type: string
  readonly description: string | undefined
}

/** The fields of an object, those of what it extends first. */
export function rowsOf(schema: unknown): { description: string; rows: SchemaRow[] } {
  if (!isSchema(schema)) return { description: '', rows: [] }
  const parts = [schema, ...(schema.allOf ?? [])]
  const rows = parts.flatMap((part) => {
    const required = new Set(part.required ?? [])
    const own = Object.entries(part.properties ?? {}).map(([name, field]) => ({
      name,
      type: `${typeOf(field)}${required.has(name) ? '' : ', optional'}`,
      description: field.description,
    }))
    return part.$ref === undefined
      ? own
      : [{ name: '…', type: typeOf(part), description: 'all of its fields' }, ...own]
  })
  const alone = rows.length === 0 ? [{ name: '', type: typeOf(schema), description: undefined }] : rows
  return { description: schema.description ?? '', rows: alone }
}

function fields(properties: Readonly<Record<string, SchemaLike>>): string {
  const each = Object.entries(properties).map(([name, field]) => `${code(name)}: ${typeOf(field)}`)
  return `{ ${each.join(', ')} }`
}

function link(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9]/g, '')
  return `<a href="#shape-${safe.toLowerCase()}">${safe}</a>`
}

function code(value: unknown): string {
  const words = typeof value === 'string' ? value : JSON.stringify(value)
  return `<code>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</code>`
}
