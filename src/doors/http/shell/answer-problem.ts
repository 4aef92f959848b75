// The one place where errors become answers: documents for programs, pages for people, and never a detail of ours.
import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { HTTPException } from 'hono/http-exception'
import type { Log } from '../../../log.ts'
import type { HttpContext } from './http-env.ts'
import { wantsHtml } from './negotiate.ts'
import type { SendPage } from './pages.ts'
import { HttpProblem, PROBLEM_TYPE, problem, problemBody, problemHeaders } from './problem.ts'

const DATABASE_AWAY_SECONDS = 5

export type ProblemOptions = {
  /** Where the documentation stands. */
  docs: string
  isDatabaseAway: (error: unknown) => boolean
  log: Pick<Log, 'warn' | 'error'>
  /** The page that a browser gets; without it browsers get the document too. */
  renderProblemPage?: (c: HttpContext, wrong: HttpProblem) => string | Promise<string>
  sendPage: SendPage
}

export type AnswerError = (error: Error, c: HttpContext) => Promise<Response>

export function errorAnswers(options: ProblemOptions): AnswerError {
  return async function answerError(error, c) {
    return answer(options, c, error instanceof HttpProblem ? error : asProblem(options, error))
  }
}

async function answer(options: ProblemOptions, c: HttpContext, wrong: HttpProblem): Promise<Response> {
  const headers = problemHeaders(wrong)
  if (options.renderProblemPage !== undefined && wantsHtml(c)) {
    try {
      const html = await options.renderProblemPage(c, wrong)
      // Its address may well hold a token that was not to be read just now.
      return options.sendPage(c, html, { status: wrong.status, headers, holdsToken: true })
    } catch (error) {
      options.log.error('problem-page-failed', { code: wrong.code, error })
    }
  }
  return c.json(problemBody(wrong, options.docs), wrong.status, { ...headers, 'Content-Type': PROBLEM_TYPE })
}

function asProblem(options: ProblemOptions, error: Error): HttpProblem {
  if (error instanceof HTTPException) return ofException(error)
  if (options.isDatabaseAway(error)) {
    options.log.warn('database-away', { error })
    return problem(503, 'unavailable', 'The service cannot reach its database just now. Try again shortly.', {
      retryAfter: DATABASE_AWAY_SECONDS,
    })
  }
  const incident = randomUUID()
  options.log.error('request-failed', { incident, error })
  return problem(500, 'internal-error', `Something went wrong here. The log has it as incident ${incident}.`)
}

// Hono's own messages can hold what was sent, so only their status is taken over.
function ofException(error: HTTPException): HttpProblem {
  const status = error.status
  if (status < 400 || status > 599) return problem(500, 'internal-error', 'Something went wrong here.')
  const words = STATUS_CODES[status] ?? 'Error'
  return problem(status, words.toLowerCase().replaceAll(/[^a-z]+/g, '-'), `${words}.`)
}
