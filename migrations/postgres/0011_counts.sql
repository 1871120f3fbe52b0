-- How many DIDs an account has of each calling code, kept by whoever adds and releases them. To count a million takes
-- longer than to show a page of them.
create table did_counts (
    account_id   bigint not null references accounts (id),
    calling_code bigint not null,
    dids         bigint not null check (dids >= 0),
    primary key (account_id, calling_code)
);

insert into did_counts (account_id, calling_code, dids)
select account_id, calling_code, count(*) from dids group by account_id, calling_code;

-- What DIDs are found by that does not change with where they ring. An update in PostgreSQL writes its row anew in every
-- index of the table, so that one failover for 100,000 DIDs took most of its time for indexes of what stays. Triggers keep
-- it in step.
create table did_search (
    did_id       bigint primary key,
    account_id   bigint not null,
    number       bigint not null,
    calling_code bigint not null,
    digits       text   collate "C" not null,
    alias        text   collate "C" not null -- folded; none: empty
);

insert into did_search (did_id, account_id, number, calling_code, digits, alias)
select id, account_id, number, calling_code, cast(number as text), coalesce(alias_key, '') from dids;

create index did_search_by_alias on did_search (account_id, alias, number);
create index did_search_by_calling_code on did_search (account_id, calling_code, number);
drop index dids_by_alias;
drop index dids_by_calling_code;

-- Parts of words. Without the right to create the extension such a search is slower, not absent.
do $$
begin
    create extension if not exists pg_trgm;
    create index did_search_parts on did_search using gin (digits gin_trgm_ops, alias gin_trgm_ops);
exception
    when insufficient_privilege or undefined_file or undefined_object or feature_not_supported then
        raise notice 'no pg_trgm: substring search reads every row';
end
$$;
drop index if exists dids_search;

create function note_added_dids() returns trigger language plpgsql as $$
begin
    insert into did_search (did_id, account_id, number, calling_code, digits, alias)
    select id, account_id, number, calling_code, cast(number as text), coalesce(alias_key, '') from added;
    return null;
end
$$;

create trigger dids_are_noted after insert on dids referencing new table as added
    for each statement execute function note_added_dids();

create function forget_released_dids() returns trigger language plpgsql as $$
begin
    -- Not joined: a session keeps the plan of its first release, and after a large one read the whole table for each.
    delete from did_search where did_id = any (array(select id from gone));
    return null;
end
$$;

create trigger dids_are_forgotten after delete on dids referencing old table as gone
    for each statement execute function forget_released_dids();

-- This one is of rows: only so is a statement that writes other columns no business of it. (A number stays what it is.)
create function note_renamed_did() returns trigger language plpgsql as $$
begin
    update did_search set alias = coalesce(new.alias_key, '') where did_id = new.id;
    return null;
end
$$;

create trigger dids_are_renamed after update of alias_key on dids
    for each row when (old.alias_key is distinct from new.alias_key)
    execute function note_renamed_did();

-- The routes of DIDs, looked for by the statement: a foreign key looks for each row's. It locks the route against
-- whoever deletes it at the same time; here the account is locked by every transaction that writes to it.
alter table dids
    drop constraint if exists dids_account_id_primary_route_fkey,
    drop constraint if exists dids_account_id_failover_route_fkey;

create function refuse_unknown_routes() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from (
            select account_id, primary_route as id from became
            union
            select account_id, failover_route from became where failover_route is not null
        ) as named
        where not exists (
            select 1 from routes where routes.account_id = named.account_id and routes.id = named.id
        )
    ) then
        raise exception 'a DID names a route that is not there' using errcode = 'foreign_key_violation';
    end if;
    return null;
end
$$;

create trigger added_dids_name_routes after insert on dids referencing new table as became
    for each statement execute function refuse_unknown_routes();
create trigger changed_dids_name_routes after update on dids referencing new table as became
    for each statement execute function refuse_unknown_routes();

create function refuse_to_drop_a_used_route() returns trigger language plpgsql as $$
begin
    if exists (select 1 from dids where account_id = old.account_id and primary_route = old.id)
        or exists (select 1 from dids where account_id = old.account_id and failover_route = old.id) then
        raise exception 'a DID names the route' using errcode = 'foreign_key_violation';
    end if;
    return old;
end
$$;

create trigger used_routes_stay before delete on routes
    for each row execute function refuse_to_drop_a_used_route();

-- To be null is no equality to PostgreSQL: an index that begins with what may be null gives no order to the rest.
create index dids_without_failover on dids (account_id, number)
    where failover_route is null and failover_plan is null;

analyze dids, did_search;
