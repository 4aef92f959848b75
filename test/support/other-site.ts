// A site on another origin, as strict as sites can be: what it embeds must do without eval, inline script and style.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type OtherSite = { readonly url: string; close(): Promise<void> }

/** `body` is the page, `lang` its language; scripts, questions and posts may go to `service`, and nothing anywhere else. */
export async function openOtherSite(service: string, body: string, lang = 'en'): Promise<OtherSite> {
  const policy = [
    "default-src 'none'",
    `script-src ${service}`,
    `connect-src ${service}`,
    `form-action ${service}`,
    `frame-src ${service}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 204, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
    })
    response.end(
      request.url === '/'
        ? `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A site</title></head><body><main><h1>A site</h1>${body}</main></body></html>`
        : '',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** What a site copies from the page of the form. */
export function embeddedForm(service: string, list = 'default'): string {
  return `<script src="${service}/embed.js" defer></script>
<ayes-form list="${list}">
<form method="post" action="${service}/signups">
<input type="hidden" name="list" value="${list}"><input type="hidden" name="source" value="site">
<label for="e">Your email address</label>
<input id="e" type="email" name="email" required>
<div hidden><input name="website" tabindex="-1" autocomplete="off"></div>
<button>Subscribe</button>
</form>
</ayes-form>`
}
