/** Puts confirmed signups straight into the table: the way through letters and clicks would take an hour. */
export async function insertSubscribers(
  query: (text: string, values?: unknown[]) => Promise<unknown>,
  many: { count: number; keyId: string },
): Promise<void> {
  await query('set statement_timeout = 0')
  await query('alter table signups disable trigger user')
  await query(
    `insert into signups (id, list_id, address_hash, email, status, key_id, locale, source, attributes,
      consent_version, signup_client, confirm_client, signed_up_at, confirmed_at, confirmed_by, confirmed_xid)
    select gen_random_uuid(), 1, substr(sha256(int4send(n)), 1, 16),
      'person.' || n || '@example' || n % 997 || '.com', 'confirmed', $2,
      case when n % 3 = 0 then 'de' else 'en' end, 'footer', jsonb_build_object('first_name', 'Ann ' || n),
      0, '192.0.2.' || n % 250, '192.0.2.' || n % 250, now() - interval '2 hours', now() - interval '1 hour',
      gen_random_uuid(), pg_current_xact_id()
    from generate_series(1, $1::int) n`,
    [many.count, many.keyId],
  )
  await query('alter table signups enable trigger user')
  await query('vacuum analyze signups')
}
