// One field of a posted form, for what needs no body and takes any: what cannot be read is as if it were not there.
import { readBytes } from './body-bytes.ts'
import { MEDIA_TYPES, mediaType } from './content-type.ts'
import type { HttpContext } from './http-env.ts'

/** Enough for a form of ours; a body has the same limits as everywhere. */
const kept = 1_000

export async function fieldOf(c: HttpContext, name: string): Promise<string | null> {
  const isForm = mediaType(c.req.header('content-type')) === MEDIA_TYPES.urlencoded
  const bytes = await readBytes(c, { keep: isForm ? kept : 0 })
  return isForm ? new URLSearchParams(bytes.toString('utf8')).get(name) : null
}
