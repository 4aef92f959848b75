// What a zod schema refuses, as a problem document. It names the field and the rule, never the value.
import type { z } from 'zod'
import { type HttpProblem, problem } from './problem.ts'

const LONGEST_FIELD = 100

type Issue = z.core.$ZodIssue

export function refuseInvalid(error: z.core.$ZodError): HttpProblem {
  const issue = error.issues[0]
  const field = issue === undefined ? '' : fieldOf(issue)
  const detail = issue === undefined ? 'The input is not as it should be.' : sentence(field, issue)
  return problem(400, 'bad-request', detail, field === '' ? {} : { field })
}

function fieldOf(issue: Issue): string {
  return issue.path.map(String).join('.').slice(0, LONGEST_FIELD)
}

function sentence(field: string, issue: Issue): string {
  const subject = field === '' ? 'The body' : field
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return `${subject} is missing.`
  }
  const rule = issue.code === 'custom' ? issue.message : issue.message.replace(/^Invalid input: /, '')
  return `${subject} is not accepted: ${rule}`
}
