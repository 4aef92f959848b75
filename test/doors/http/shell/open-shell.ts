// A shell without flows for the tests of its parts.
import { createShell, type Shell, type ShellOptions } from '../../../../src/doors/http/shell/create-app.ts'
import type { HttpEnv } from '../../../../src/doors/http/shell/http-env.ts'

export type Logged = { level: string; event: string; fields: object }
export type OpenShell = Shell & { logged: Logged[] }

export function openShell(options: Partial<ShellOptions> = {}): OpenShell {
  const logged: Logged[] = []
  const write =
    (level: string) =>
    (event: string, fields: object = {}) => {
      logged.push({ level, event, fields })
    }
  const shell = createShell({
    basePath: '',
    trustProxy: 0,
    allowedOrigins: '*',
    log: { debug: write('debug'), warn: write('warn'), error: write('error') },
    isDatabaseAway: (error) => error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED',
    ...options,
  })
  return { ...shell, logged }
}

/** Bindings as a socket from this address would bring them, without one. */
export function from(remoteAddress: string): HttpEnv['Bindings'] {
  const incoming: unknown = { socket: { remoteAddress } }
  return { incoming } as HttpEnv['Bindings']
}
