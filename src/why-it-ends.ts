import { DataDirRefusal } from './data-dir.ts'
import { CannotListen } from './doors/http/shell/serve.ts'
import { OwnPostgresRefusal } from './store/own-postgres.ts'
import { TemplateError } from './templates/mistakes.ts'
import { DatabaseNotThere } from './until-database.ts'

/** What ended the start, for the operator: expected endings in words alone, anything else with where it happened. */
export function whyItEnds(error: unknown): { words: string[]; exitCode: number } {
  if (error instanceof OwnPostgresRefusal) return { words: [error.message], exitCode: error.exitCode }
  if (error instanceof DataDirRefusal) return { words: [error.message], exitCode: 78 }
  if (error instanceof TemplateError) return { words: [error.message], exitCode: 78 }
  if (error instanceof DatabaseNotThere)
    return { words: [`Ayes cannot start: ${error.message}`], exitCode: 1 }
  if (error instanceof CannotListen) return { words: [error.message], exitCode: 1 }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { words: [`Ayes cannot start: ${error.message || error.code}`], exitCode: 1 }
  }
  return {
    words: ['Ayes cannot start:', error instanceof Error ? (error.stack ?? error.message) : String(error)],
    exitCode: 1,
  }
}
