// Each signup locked the row of its list, to keep the list from being deleted: with two groups of signups at once
// PostgreSQL had to note both transactions on that one row, for every commit. No list is ever deleted, which the schema
// says now, and that a signup's list exists is asked once for all the rows of a statement.
import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function list_stays() returns trigger language plpgsql as $$
    begin
      raise exception 'a list is never deleted' using errcode = 'foreign_key_violation';
    end $$`.execute(db)
  await sql`
    create trigger list_stays before delete or update of id on lists
      for each row execute function list_stays()`.execute(db)
  await sql`
    create function signups_have_their_list() returns trigger language plpgsql as $$
    begin
      if exists (select from made where not exists (select from lists where id = made.list_id)) then
        raise exception 'a signup needs a list that is there' using errcode = 'foreign_key_violation';
      end if;
      return null;
    end $$`.execute(db)
  await sql`
    create trigger signups_have_their_list after insert on signups
      referencing new table as made for each statement execute function signups_have_their_list()`.execute(db)
  await sql`
    create function signup_keeps_its_list() returns trigger language plpgsql as $$
    begin
      raise exception 'a signup keeps its list' using errcode = 'foreign_key_violation';
    end $$`.execute(db)
  await sql`
    create trigger signup_keeps_its_list before update of list_id on signups
      for each row when (old.list_id is distinct from new.list_id)
      execute function signup_keeps_its_list()`.execute(db)
  await sql`alter table signups drop constraint signups_list_id_fkey`.execute(db)
}
