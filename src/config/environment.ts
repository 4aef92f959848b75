import { parseEnv } from 'node:util'
import type { Environment } from './settings.ts'

/**
 * The environment with the lines of `.env` behind it. What is set for real wins, also when it is empty: so a
 * line of the file can be switched off for one run.
 */
export function readEnvironment(env: Environment, envFileText: string | null): Environment {
  return envFileText === null ? { ...env } : { ...parseEnv(envFileText.replace(/^\uFEFF/, '')), ...env }
}
