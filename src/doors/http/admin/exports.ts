// What subscribers and departures share: the answer is a stream that is either whole or visibly broken.
import { z } from '@hono/zod-openapi'
import type { ExportFormat, ExportInput, ExportOutcome } from '../../../flows/export-stream.ts'
import { problems } from '../schemas/describe.ts'
import type { HttpContext } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { unknownList } from './admin-deps.ts'
import { sendRows } from './send-rows.ts'

const busySeconds = 10

export const exportQuery = z.object({
  format: z.enum(['csv', 'ndjson']).default('csv'),
  since: z.string().optional().openapi({
    description:
      'A time, or the `Ayes-Next` header of the last export: only what has come since. A row may come twice, never not at all.',
  }),
})

export const exportParams = z.object({ slug: z.string() })

const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
}

/** For the document: a stream is no JSON that a schema could describe. */
export function streamed(description: string) {
  const text = z.string()
  return {
    200: {
      description: `${description} An export that breaks off ends without its last chunk, so that no client takes it for whole.`,
      headers: {
        'Ayes-Next': {
          description: 'For `since` of the next export.',
          schema: { type: 'string' as const },
          required: true,
        },
      },
      content: { 'text/csv': { schema: text }, 'application/x-ndjson': { schema: text } },
    },
    ...problems(400, 401, 404, 503),
  }
}

export async function answerExport(
  c: HttpContext,
  asked: ExportInput & { name: string },
  begin: (input: ExportInput) => Promise<ExportOutcome>,
): Promise<Response> {
  const headers = {
    'Content-Type': contentTypes[asked.format],
    'Content-Disposition': `attachment; filename="${asked.name}.${asked.format}"`,
  }
  const outcome = await begin(asked)
  switch (outcome.kind) {
    case 'unknown-list':
      throw unknownList()
    case 'bad-since':
      throw problem(400, 'bad-request', 'since is neither a time nor the cursor of an export of this list.', {
        field: 'since',
      })
    case 'busy':
      throw problem(503, 'busy', 'Too many exports are running. Try again shortly.', {
        retryAfter: busySeconds,
      })
    case 'none':
      return c.body(null, 200, headers)
    case 'rows':
      return sendRows(c, outcome, { ...headers, 'Ayes-Next': outcome.next })
  }
}
