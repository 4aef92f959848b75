/** Who asks. `key` and `wideKey` are what the limit counts by. */
export type Client = {
  readonly address: string | null
  readonly key: string | null
  readonly wideKey: string | null
  readonly agent: string | null
}
