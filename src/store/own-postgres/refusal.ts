// An ending that only the operator can mend: main prints the message and exits with the status (78, EX_CONFIG).
export class OwnPostgresRefusal extends Error {
  override readonly name = 'OwnPostgresRefusal'
  readonly exitCode = 78
}

export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
