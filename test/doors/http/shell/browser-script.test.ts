// The scripts as they travel: shorter than they are written, and the same.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readBrowserScript } from '../../../../src/doors/http/shell/browser-script.ts'

const folder = new URL('../../../../src/doors/http/browser/', import.meta.url)

describe.each(['embed.js', 'link.js', 'snippet.js'])('%s', (name) => {
  const { text } = readBrowserScript(name)

  test('is one script that a browser reads', () => {
    expect(() => new Function(text)).not.toThrow()
    expect(text).not.toMatch(/^(import|export) /m)
  })

  test('has every line of its own file, but for spaces and comments', () => {
    const bare = (line: string) => line.replaceAll(/\s/g, '')
    const travelled = bare(text)
    const lines = readFileSync(new URL(name, folder), 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => !/^(import|\/\/|\/?\*)/.test(line))
      .map((line) => bare(line.replace(/^export /, '')))
    expect(lines.filter((line) => !travelled.includes(line))).toEqual([])
  })

  test('keeps the spaces of texts', () => {
    const texts = (script: string) =>
      script.match(/(?<=[=(,:])\s*(?:'[^'\n]* [^'\n]*'|`[^`\n]* [^`\n]*`)/g) ?? []
    const written = readFileSync(new URL(name, folder), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(import|\/\/|\/?\*)/.test(line))
      .join('\n')
    for (const one of texts(written)) expect(text).toContain(one.trim())
  })
})
