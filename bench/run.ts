// npm run bench -- NAME [options]: runs bench/NAME.ts. Progress goes to standard error, and the last line on standard
// output is the result as one JSON object.
import { readdirSync } from 'node:fs'
import { WrongUsage } from './support/options.ts'

const exitUsage = 64

function benchNames(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

function refuse(words: string): never {
  console.error(words)
  process.exit(exitUsage)
}

const [name, ...options] = process.argv.slice(2)
const usage = `Usage: npm run bench -- NAME [options], where NAME is one of: ${benchNames().join(', ')}`
if (name === undefined) refuse(usage)
if (!benchNames().includes(name)) refuse(`There is no benchmark named ${name}.\n${usage}`)

// Whatever a benchmark has started goes down with it: its parts listen for `exit`.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

try {
  const bench: { run(options: readonly string[]): Promise<object> } = await import(`./${name}.ts`)
  const result = await bench.run(options)
  console.log(JSON.stringify(result))
  process.exit(0)
} catch (error) {
  if (error instanceof WrongUsage) refuse(error.message)
  console.error(error)
  process.exit(1)
}
