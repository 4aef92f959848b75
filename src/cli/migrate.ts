// `ayes migrate`: the names of the steps that were taken, a line each.
import { migrate } from '../store/migrate.ts'
import { type Command, readOperands } from './command.ts'
import { readSettings, withDatabase } from './open-installation.ts'
import { openOutput } from './output.ts'

export const run: Command = async (args, around) => {
  readOperands(args, [])
  const steps = await withDatabase(readSettings(around), ({ db }) => migrate(db))
  const output = openOutput(around.stdout)
  for (const step of steps) await output.line(step)
  await output.end()
  around.say([steps.length > 0 ? 'The database is up to date now.' : 'The database was up to date already.'])
  return 0
}
