-- What is known of DIDs beside them: filled by triggers, so that a program of before, still running, keeps it true as well.

-- How many an account has of each calling code. To count a million takes longer than to show a page of them.
create table did_counts (
    account_id   bigint not null references accounts (id),
    calling_code bigint not null,
    dids         bigint not null check (dids >= 0),
    primary key (account_id, calling_code)
);

insert into did_counts (account_id, calling_code, dids)
select account_id, calling_code, count(*) from dids group by account_id, calling_code;

-- What is searched. An update writes a row anew in every index of its table, and the one of parts of words is dearer than
-- all the others together: here it is left alone by a change of where DIDs ring.
create table did_search (
    did_id bigint primary key,
    digits text   collate "C" not null,
    alias  text   collate "C" not null -- folded; none: empty
);

insert into did_search (did_id, digits, alias)
select id, cast(number as text), coalesce(alias_key, '') from dids;

drop index if exists dids_search;

-- Without the right to create the extension search is slower, not absent.
do $$
begin
    create extension if not exists pg_trgm;
    create index did_search_parts on did_search using gin (digits gin_trgm_ops, alias gin_trgm_ops);
exception
    when insufficient_privilege or undefined_file or undefined_object or feature_not_supported then
        raise notice 'no pg_trgm: substring search reads every row';
end
$$;

-- A statement writes thousands of rows, so these are asked once and not for each.
create function note_added_dids() returns trigger language plpgsql as $$
begin
    insert into did_counts (account_id, calling_code, dids)
    select account_id, calling_code, count(*) from added group by account_id, calling_code
    on conflict (account_id, calling_code) do update set dids = did_counts.dids + excluded.dids;
    insert into did_search (did_id, digits, alias)
    select id, cast(number as text), coalesce(alias_key, '') from added;
    return null;
end
$$;

create trigger dids_are_noted after insert on dids referencing new table as added
    for each statement execute function note_added_dids();

create function forget_released_dids() returns trigger language plpgsql as $$
begin
    update did_counts set dids = did_counts.dids - of_code.released
    from (
        select account_id, calling_code, count(*) as released from gone group by account_id, calling_code
    ) as of_code
    where did_counts.account_id = of_code.account_id and did_counts.calling_code = of_code.calling_code;
    delete from did_search using gone where did_search.did_id = gone.id;
    return null;
end
$$;

create trigger dids_are_forgotten after delete on dids referencing old table as gone
    for each statement execute function forget_released_dids();

-- This one is of rows: only so is a statement that writes other columns no business of it.
create function note_renamed_did() returns trigger language plpgsql as $$
begin
    update did_search set digits = cast(new.number as text), alias = coalesce(new.alias_key, '')
    where did_id = new.id;
    return null;
end
$$;

create trigger dids_are_renamed after update of number, alias_key on dids
    for each row when (old.number <> new.number or old.alias_key is distinct from new.alias_key)
    execute function note_renamed_did();

-- An index that has nulls first in it gives no order to what is null.
create index dids_without_failover on dids (account_id, number)
    where failover_route is null and failover_plan is null;
