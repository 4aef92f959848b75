// Proofs of work as a visitor's program makes them: by ALTCHA's own solver, and forged in the ways that there are.
import { setTimeout as sleep } from 'node:timers/promises'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { minimumMs } from '../../src/core/proof-of-work.ts'
import type { Challenge } from '../../src/core/proof-payload.ts'
import { expectProblem } from './http.ts'
import type { TestService } from './running-service.ts'

export function encodeProof(payload: unknown): string {
  return Buffer.from(JSON.stringify(payload)).toString('base64')
}

export async function solutionOf(challenge: Challenge): Promise<{ counter: number; derivedKey: string }> {
  const solution = await solveChallenge({ challenge, deriveKey })
  if (solution === null) throw new Error('the challenge has no solution')
  return solution
}

export async function solve(challenge: Challenge): Promise<string> {
  return encodeProof({ challenge, solution: await solutionOf(challenge) })
}

export function challengeIn(body: Record<string, unknown>): Challenge {
  return body.challenge as Challenge
}

/** GET /challenge. */
export async function fetchChallenge(service: TestService): Promise<Challenge> {
  const answer = await service.fetch('/challenge')
  if (answer.status !== 200) throw new Error(`GET /challenge answered ${answer.status}`)
  return (await answer.json()) as Challenge
}

/** A proof that counts: its challenge is old enough by now. */
export async function ripeProof(service: TestService): Promise<string> {
  const proof = await solve(await fetchChallenge(service))
  await sleep(minimumMs)
  return proof
}

export function expectAsked(answer: Response, reason: string): Promise<Record<string, unknown>> {
  return expectProblem(answer, 428, 'proof-of-work', { reason })
}
