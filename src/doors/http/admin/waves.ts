import { createRoute, z } from '@hono/zod-openapi'
import { resumeWave } from '../../../flows/end-wave.ts'
import { isWaveId, showWave, showWaves, type WaveView } from '../../../flows/show-waves.ts'
import { undoWave } from '../../../flows/undo-wave.ts'
import { json, problems } from '../schemas/describe.ts'
import { pageOf } from '../schemas/page.ts'
import { waveQuery, waveRecord } from '../schemas/wave.ts'
import { type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { problem } from '../shell/problem.ts'
import { type AdminDeps, badCursor, adminSecurity as security } from './admin-deps.ts'

const tags = ['Waves']
const params = z.object({ id: z.string() })

const all = createRoute({
  method: 'get',
  path: '/api/waves',
  tags,
  security,
  summary: 'Waves of refusals, newest first',
  request: { query: waveQuery },
  responses: { 200: json(pageOf(waveRecord), 'A page of waves.'), ...problems(400, 401) },
})

const one = createRoute({
  method: 'get',
  path: '/api/waves/{id}',
  tags,
  security,
  summary: 'One wave of refusals',
  request: { params },
  responses: { 200: json(waveRecord, 'The wave.'), ...problems(401, 404) },
})

const undo = createRoute({
  method: 'post',
  path: '/api/waves/{id}/undo',
  tags,
  security,
  summary: 'Write anew to everybody whom a wave has hit',
  description:
    'When the provider is well again. Signups that the wave made invalid come back as new ones, those that it left pending get one more letter, and its suppressions end. The letters go out one a second. Asked again, nothing more happens.',
  request: { params },
  responses: { 202: json(waveRecord, 'It is being undone; `undo` has the counts.'), ...problems(401, 404) },
})

const resume = createRoute({
  method: 'post',
  path: '/api/waves/{id}/resume',
  tags,
  security,
  summary: 'End a wave by hand',
  description:
    'Letters that were held for it go out. Nothing is undone. One that is not open stays as it is.',
  request: { params },
  responses: { 200: json(waveRecord, 'The wave.'), ...problems(401, 404) },
})

export function waveRoutes(deps: AdminDeps): HttpRoutes {
  const routes = newRoutes()

  async function shown(id: string) {
    const view = await showWave(deps, id)
    if (view === null) throw unknownWave()
    return waveJson(view)
  }

  routes.openapi(all, async (c) => {
    const { limit, cursor = null, state = null } = c.req.valid('query')
    const page = await showWaves(deps, { limit, cursor, state })
    if (page.kind === 'bad-cursor') throw badCursor()
    return c.json({ items: page.items.map(waveJson), next: page.next }, 200)
  })
  routes.openapi(one, async (c) => c.json(await shown(c.req.valid('param').id), 200))
  routes.openapi(undo, async (c) => {
    const { id } = c.req.valid('param')
    if (!isWaveId(id) || !(await undoWave(deps, id))) throw unknownWave()
    return c.json(await shown(id), 202)
  })
  routes.openapi(resume, async (c) => {
    const { id } = c.req.valid('param')
    if (!isWaveId(id) || !(await resumeWave(deps, id))) throw unknownWave()
    return c.json(await shown(id), 200)
  })
  return routes
}

function unknownWave() {
  return problem(404, 'not-found', 'There is no such wave.')
}

const iso = (at: Date | null) => at?.toISOString() ?? null

function waveJson({ wave, held, examples }: WaveView): z.input<typeof waveRecord> {
  const { undo_asked_at: askedAt } = wave
  return {
    id: wave.id,
    kind: wave.kind,
    subject: wave.subject === '' ? null : wave.subject,
    domains: wave.domains,
    state: wave.state,
    began_at: wave.began_at.toISOString(),
    noticed_at: wave.noticed_at.toISOString(),
    ended_at: iso(wave.ended_at),
    ended_why: wave.ended_why,
    numbers: { ...wave.numbers, before: { ...wave.numbers.before } },
    held,
    undo:
      askedAt === null
        ? null
        : {
            asked_at: askedAt.toISOString(),
            done_at: iso(wave.undo_done_at),
            found: wave.undo_found,
            sent: wave.undo_sent,
            skipped: wave.undo_skipped,
          },
    examples: examples.map(({ signupId: signup, at, ...rest }) => ({
      signup,
      at: at.toISOString(),
      ...rest,
    })),
  }
}
