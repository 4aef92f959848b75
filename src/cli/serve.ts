// `ayes serve`: the service, by the same file that npm start runs.
import { type Command, readOperands } from './command.ts'

export const run: Command = async (args) => {
  readOperands(args, [])
  await import('../main.ts')
  // The service ends the process itself.
  return new Promise(() => {})
}
