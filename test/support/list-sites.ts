// Lists that name the sites of their forms.
import { expect } from 'vitest'
import type { Body } from './http.ts'
import type { TestService } from './running-service.ts'

export async function putList(service: TestService, slug: string, fields: object): Promise<Body> {
  const answer = await service.admin(`/api/lists/${slug}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  })
  expect(answer.status).toBeLessThan(300)
  return (await answer.json()) as Body
}

/** Asks as a browser does before a script's POST. */
export function preflight(
  service: TestService,
  path: string,
  headers: Record<string, string>,
): Promise<Response> {
  const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  return service.fetch(path, { method: 'OPTIONS', headers: { ...asked, ...headers } })
}

export const allowedOrigin = (answer: Response) => answer.headers.get('access-control-allow-origin')

/** How often a signup came to this. */
export async function counted(service: TestService, outcome: string): Promise<number> {
  const text = await service.service.metrics.text()
  return Number(new RegExp(`^ayes_signups_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}
