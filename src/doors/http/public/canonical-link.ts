// A token has one spelling. Routing decodes what is percent-encoded, so a second one is refused before it is read.
import type { HttpMiddleware } from '../shell/http-env.ts'
import { unknownLink } from './shared-answers.ts'

export const canonicalLink: HttpMiddleware = async (c, next) => {
  if (new URL(c.req.url).pathname.includes('%')) throw unknownLink()
  await next()
}
