declare module 'mailcheck' {
  const mailcheck: {
    run(options: {
      email: string
      domains?: string[]
      secondLevelDomains?: string[]
      topLevelDomains?: string[]
      distanceFunction?(typed: string, candidate: string): number
    }): { address: string; domain: string; full: string } | false | undefined
  }
  export default mailcheck
}
