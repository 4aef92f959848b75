// Run by itself with --expose-gc: what loading the suggestion takes, as one line of JSON. That this file is TypeScript
// itself leaves the start of Node's own translation out of the figure.
const before = memory()
const start = performance.now()
const { suggestDomain } = await import('../../src/core/suggestion.ts')
const loadMs = performance.now() - start
// What it builds on first use belongs to it.
for (const domain of ['gmial.com', 'company.con', 'some-name.de', 'example.co.uk', 'gmail'])
  suggestDomain(domain)
const firstMs = performance.now() - start
console.log(
  JSON.stringify({ loadMs: round(loadMs), firstMs: round(firstMs), memoryMb: round(memory() - before) }),
)

function memory(): number {
  // The first round leaves what only finalizers free.
  for (let round = 0; round < 3; round += 1) globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / 1e6
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

export {}
