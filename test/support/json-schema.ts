// As much of JSON Schema 2020-12 as our OpenAPI document uses. A keyword that is not known here is an error, so that
// nothing passes because nobody looked.
import { isDeepStrictEqual } from 'node:util'

type Schema = Readonly<Record<string, unknown>>

const words = new Set([
  'description',
  'example',
  'default',
  'format',
  'title',
  'maxLength',
  'minLength',
  'pattern',
])

/** What of `value` is not as `schema` says, each with its place; empty where all is. */
export function faultsIn(value: unknown, schema: unknown, document: unknown, at = '$'): string[] {
  if (!isObject(schema)) return [`${at}: the schema is none`]
  return Object.entries(schema).flatMap(([keyword, rule]) =>
    check(keyword, rule, { value, schema, document, at }),
  )
}

type Place = { value: unknown; schema: Schema; document: unknown; at: string }

function check(keyword: string, rule: unknown, { value, schema, document, at }: Place): string[] {
  const within = (inner: unknown, part: unknown, place = at) => faultsIn(part, inner, document, place)
  switch (keyword) {
    case '$ref':
      return within(resolve(document, String(rule)), value)
    case 'type': {
      const types = Array.isArray(rule) ? rule : [rule]
      return types.some((type) => isOfType(value, type)) ? [] : [`${at}: is no ${types.join(' or ')}`]
    }
    case 'const':
      return isDeepStrictEqual(value, rule) ? [] : [`${at}: is not ${JSON.stringify(rule)}`]
    case 'enum':
      return Array.isArray(rule) && rule.includes(value) ? [] : [`${at}: is none of ${JSON.stringify(rule)}`]
    case 'items':
      return Array.isArray(value) ? value.flatMap((item, n) => within(rule, item, `${at}[${n}]`)) : []
    case 'properties':
      return entries(rule).flatMap(([name, inner]) =>
        isObject(value) && name in value ? within(inner, value[name], `${at}.${name}`) : [],
      )
    case 'additionalProperties': {
      const known = new Set(entries(schema.properties).map(([name]) => name))
      const others = entries(value).filter(([name]) => !known.has(name))
      if (rule === false) return others.map(([name]) => `${at}.${name}: is not described`)
      return others.flatMap(([name, inner]) => within(rule, inner, `${at}.${name}`))
    }
    case 'required': {
      // of what is no object, `type` tells
      const names = Array.isArray(rule) && isObject(value) ? rule.map(String) : []
      return names
        .filter((name) => !isObject(value) || !(name in value))
        .map((name) => `${at}.${name}: is missing`)
    }
    case 'allOf':
      return list(rule).flatMap((inner) => within(inner, value))
    case 'anyOf':
    case 'oneOf':
      return list(rule).some((inner) => within(inner, value).length === 0) ? [] : [`${at}: fits no choice`]
    case 'minimum':
      return Number(value) >= Number(rule) ? [] : [`${at}: is below ${rule}`]
    case 'maximum':
      return Number(value) <= Number(rule) ? [] : [`${at}: is above ${rule}`]
    default:
      return words.has(keyword) ? [] : [`${at}: the keyword ${keyword} is not known to this test`]
  }
}

/** The names in an answer that the schema does not tell of. */
export function undescribed(value: unknown, schema: unknown, document: unknown, at = '$'): string[] {
  const parts = flattened(schema, document)
  if (Array.isArray(value)) {
    const items = parts.find((part) => part.items !== undefined)?.items
    return value.flatMap((item, n) => undescribed(item, items, document, `${at}[${n}]`))
  }
  if (!isObject(value)) return []
  if (parts.some((part) => part.additionalProperties !== undefined)) return []
  const properties = Object.fromEntries(parts.flatMap((part) => entries(part.properties)))
  return entries(value).flatMap(([name, inner]) =>
    name in properties ? undescribed(inner, properties[name], document, `${at}.${name}`) : [`${at}.${name}`],
  )
}

/** A schema with what it refers to and is put together of. */
function flattened(schema: unknown, document: unknown): Schema[] {
  if (!isObject(schema)) return []
  const others = [...list(schema.allOf), ...list(schema.anyOf), ...list(schema.oneOf)]
  if (typeof schema.$ref === 'string') others.push(resolve(document, schema.$ref))
  return [schema, ...others.flatMap((other) => flattened(other, document))]
}

function resolve(document: unknown, ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce((place: unknown, name) => (isObject(place) ? place[name] : undefined), document)
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : []
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? [...value] : []
}
