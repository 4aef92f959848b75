// What was found, for people or as lines of JSON.
import type { Finding, Group, Result } from '../../core/doctor/finding.ts'
import type { Output } from '../output.ts'

const titles: Readonly<Record<Group, string>> = {
  settings: 'Settings',
  database: 'Database',
  web: 'Links',
  relay: 'Relay',
  'return-path': 'Return path',
  sender: 'Sender',
  spf: 'SPF',
  dkim: 'DKIM',
  dmarc: 'DMARC',
  'reverse-dns': 'Reverse DNS',
  letter: 'Test letter',
}

const words: Readonly<Record<Result, string>> = {
  ok: 'ok',
  warning: 'warning',
  wrong: 'WRONG',
  'cannot-tell': 'cannot tell',
}

const colours: Readonly<Record<Result, string>> = {
  ok: '32',
  warning: '33',
  wrong: '31',
  'cannot-tell': '36',
}
const widest = 'cannot tell'.length

export type Printer = {
  print(finding: Finding & { readonly seconds?: number }): Promise<void>
  /** Says how many were wrong; the number. */
  end(): Promise<number>
}

export function openPrinter(output: Output, how: { json: boolean; colour: boolean }): Printer {
  const counts = new Map<Result, number>()
  let group: Group | null = null

  function lines(finding: Finding & { readonly seconds?: number }): string[] {
    const { result, found, mend, seconds } = finding
    const head = group === finding.group ? [] : [...(group === null ? [] : ['']), titles[finding.group]]
    const word = words[result].padEnd(widest)
    const shown = how.colour ? `\u001b[${colours[result]}m${word}\u001b[0m` : word
    const what = seconds === undefined ? found : `${seconds.toFixed(3)} s  ${finding.check}: ${found}`
    return [...head, `  ${shown}  ${what}`, ...(mend === null ? [] : [`  ${' '.repeat(widest)}  → ${mend}`])]
  }

  return {
    async print(finding) {
      // The steps of a letter come to one finding, its last.
      const isStep = finding.group === 'letter' && finding.check !== 'letter'
      if (!isStep) counts.set(finding.result, (counts.get(finding.result) ?? 0) + 1)
      for (const line of how.json ? [JSON.stringify(finding)] : lines(finding)) await output.line(line)
      group = finding.group
    },
    async end() {
      const wrong = counts.get('wrong') ?? 0
      if (!how.json) {
        const count = (result: Result) => counts.get(result) ?? 0
        await output.line('')
        const said = wrong === 0 ? 'Nothing is wrong' : `${wrong} ${wrong === 1 ? 'is' : 'are'} wrong`
        const warnings = count('warning') === 1 ? 'warning' : 'warnings'
        await output.line(
          `${said}: ${count('ok')} ok, ${count('warning')} ${warnings}, ${count('cannot-tell')} cannot tell.`,
        )
      }
      await output.end()
      return wrong
    },
  }
}
