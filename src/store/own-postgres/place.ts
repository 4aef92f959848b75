export type Log = (event: string, fields?: object) => void

/** `dataDir` is the real path; `binariesFrom` the folder from which node_modules is looked for upwards. */
export type Place = { dataDir: string; binariesFrom: string; log: Log }
