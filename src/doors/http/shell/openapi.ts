// Request bodies in route descriptions. They are described here and read by `readInput`: the validators of the OpenAPI
// library read without limits and repeat what was sent, and they leave a body alone whose schema is plain JSON.
import { type RouteConfig, z } from '@hono/zod-openapi'
import { type Encoding, MEDIA_TYPES } from './content-type.ts'

type RequestBody = NonNullable<NonNullable<RouteConfig['request']>['body']>
type MediaType = Extract<RequestBody['content'][string], { schema?: unknown }>
type DescribedSchema = Exclude<NonNullable<MediaType['schema']>, z.ZodType>

/** For `request.body` of a route whose handler calls `readInput` with the same schema. */
export function describeBody(schema: z.ZodObject, accept: readonly Encoding[] = ['json']) {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  // A schema of OpenAPI 3.1 is one of JSON Schema 2020-12; only the two libraries' types do not know each other.
  const described: DescribedSchema = JSON.parse(JSON.stringify(plain))
  const content = Object.fromEntries(accept.map((kind) => [MEDIA_TYPES[kind], { schema: described }]))
  return { required: true, content }
}
