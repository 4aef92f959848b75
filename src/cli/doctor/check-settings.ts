import { readFileSync } from 'node:fs'
import { type Config, readConfig } from '../../config.ts'
import { type Finding, findingsOf } from '../../core/doctor/finding.ts'

const { ok, warning, wrong } = findingsOf('settings')

/** As the service reads them at its start. With a mistake among them there is nothing to check anything else by. */
export function checkSettings(env: Record<string, string | undefined>): {
  config: Config | null
  findings: Finding[]
} {
  const reading = readConfig(env, (path) => readFileSync(path, 'utf8'))
  if (reading.kind === 'mistakes') {
    return {
      config: null,
      findings: reading.mistakes.map((mistake) => wrong('settings', ...divided(mistake))),
    }
  }
  const warnings = reading.warnings.map((line) => warning('settings', ...divided(line)))
  return {
    config: reading.config,
    findings:
      warnings.length > 0 ? warnings : [ok('settings', 'The settings can be read, and none is wrong')],
  }
}

/** Every mistake reads "what is wrong: write what to write instead", or has a sentence of its own for it. */
function divided(text: string): [found: string, mend: string] {
  const at = text.search(/: (?=write |leave |give |put )|\. (?=Write |Leave |Give )/)
  return at === -1 ? [text, 'see docs/settings.md'] : [text.slice(0, at), text.slice(at + 2)]
}
