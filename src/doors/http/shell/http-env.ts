// What a request brings along besides itself: Node's own request and response, absent where no socket is.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { refuseInvalid } from './validation.ts'

export type HttpEnv = { Bindings: { incoming?: IncomingMessage; outgoing?: ServerResponse } }
export type HttpContext = Context<HttpEnv>
export type HttpMiddleware = MiddlewareHandler<HttpEnv>
export type HttpRoutes = OpenAPIHono<HttpEnv>

/** Routes of one resource, to be mounted by the shell. What a schema refuses becomes a problem document. */
export function newRoutes(): HttpRoutes {
  return new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (!result.success) throw refuseInvalid(result.error)
    },
  })
}

/** Node's request, or undefined where the app was called without a socket. */
export function incomingOf(c: HttpContext): IncomingMessage | undefined {
  const bindings: HttpEnv['Bindings'] | undefined = c.env
  return bindings?.incoming
}
