// The description of all of it: OpenAPI 3.1 out of the schemas that validate, for programs and as a page.
import { OpenAPIHono } from '@hono/zod-openapi'
import { docsPage, docsStyle } from './docs/docs-page.ts'
import { registerPublicPaths } from './docs/public-paths.ts'
import { problemSchema } from './schemas/problem.ts'
import { type HttpEnv, type HttpRoutes, newRoutes } from './shell/http-env.ts'
import { pageSender } from './shell/pages.ts'

const description = `Ayes stands between a signup form and a mailing list: it lets an address onto a list only after its
owner has said yes.

Errors are problem documents (RFC 9457) with a \`code\` that does not change. Times are ISO 8601 in UTC. Bodies are UTF-8
and up to 64 KB, unless something else is said.`

export type OpenApiDocument = ReturnType<HttpRoutes['getOpenAPI31Document']>

/** `admin`: the routes of /api, which carry their own descriptions. */
export function describeApi(admin: HttpRoutes, baseUrl: string): OpenApiDocument {
  const all = new OpenAPIHono<HttpEnv>()
  registerPublicPaths(all.openAPIRegistry)
  all.openAPIRegistry.register('Problem', problemSchema)
  all.route('/', admin)
  return all.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Ayes', version: '1', description },
    servers: [{ url: baseUrl }],
  })
}

export type DocsOptions = {
  readonly admin: HttpRoutes
  /** PUBLIC_URL without a slash at its end */
  readonly baseUrl: () => string
}

/** The page brings its own style and nothing else, and its policy allows exactly that. */
const sendPage = pageSender({ styles: [docsStyle] })

export function docsRoutes({ admin, baseUrl }: DocsOptions): HttpRoutes {
  const routes = newRoutes()
  let made: { url: string; document: OpenApiDocument; page: string } | null = null
  function describe() {
    const url = baseUrl()
    if (made?.url !== url) {
      const document = describeApi(admin, url)
      made = { url, document, page: docsPage(document) }
    }
    return made
  }
  routes.get('/openapi.json', (c) => c.json(describe().document))
  routes.get('/docs', (c) => sendPage(c, describe().page))
  return routes
}
