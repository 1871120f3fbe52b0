-- Failover plans, the schedules that their steps go by, weights, saved cases, and findings that somebody accepted.

-- Ids of things never come back, so each account counts its own.
alter table accounts add column next_plan_id integer not null default 1;
alter table accounts add column next_schedule_id integer not null default 1;
alter table accounts add column next_case_id integer not null default 1;

create table schedules (
    account_id integer not null references accounts (id),
    id         integer not null check (id > 0),
    name       text    not null,
    name_key   text    not null, -- the name folded to lower case
    zone       text    not null, -- as IANA calls it
    weekly     text    not null, -- JSON: the hours of each day, Monday first
    exceptions text    not null, -- JSON: days that go by hours of their own
    version    integer not null,
    primary key (account_id, id),
    constraint schedules_name_taken unique (account_id, name_key)
) strict, without rowid;

create table plans (
    account_id integer not null references accounts (id),
    id         integer not null check (id > 0),
    name       text    not null,
    name_key   text    not null, -- the name folded to lower case
    steps      text    not null, -- JSON
    version    integer not null,
    primary key (account_id, id),
    constraint plans_name_taken unique (account_id, name_key)
) strict, without rowid;

-- What the steps of plans name, once more as rows: anchors, so that a route or a schedule in use cannot vanish.
create table plan_routes (
    account_id integer not null,
    plan_id    integer not null,
    route_id   integer not null,
    primary key (account_id, plan_id, route_id),
    foreign key (account_id, plan_id) references plans (account_id, id) on delete cascade,
    foreign key (account_id, route_id) references routes (account_id, id)
) strict, without rowid;

create index plan_routes_by_route on plan_routes (account_id, route_id, plan_id);

create table plan_schedules (
    account_id  integer not null,
    plan_id     integer not null,
    schedule_id integer not null,
    primary key (account_id, plan_id, schedule_id),
    foreign key (account_id, plan_id) references plans (account_id, id) on delete cascade,
    foreign key (account_id, schedule_id) references schedules (account_id, id)
) strict, without rowid;

create index plan_schedules_by_schedule on plan_schedules (account_id, schedule_id, plan_id);

-- SQLite cannot add a key of two columns to a table, so the table is built anew. Rows keep their ids: the search
-- index knows them by these.
create table new_dids (
    id              integer primary key autoincrement, -- an id is never given twice
    account_id      integer not null references accounts (id),
    number          integer not null unique, -- the digits of E.164
    calling_code    integer not null,
    alias           text,
    alias_key       text, -- the alias folded to lower case
    primary_route   integer not null,
    failover_route  integer,
    failover_plan   integer,
    primary_weight  integer check (primary_weight between 0 and 1000),
    failover_weight integer check (failover_weight between 0 and 1000),
    changed_at      integer not null,
    version         integer not null,
    check ((alias is null) = (alias_key is null)),
    check (failover_route is null or failover_plan is null),
    check ((primary_weight is null) = (failover_weight is null)),
    check (primary_weight is null or failover_route is not null),
    foreign key (account_id, primary_route) references routes (account_id, id),
    foreign key (account_id, failover_route) references routes (account_id, id),
    foreign key (account_id, failover_plan) references plans (account_id, id)
) strict;

insert into new_dids (id, account_id, number, calling_code, alias, alias_key, primary_route, failover_route,
                      changed_at, version)
select id, account_id, number, calling_code, alias, alias_key, primary_route, failover_route, changed_at, version
from dids order by id;

-- The highest id that was ever given may be that of a DID that is gone.
delete from sqlite_sequence where name = 'new_dids';
insert into sqlite_sequence (name, seq) select 'new_dids', seq from sqlite_sequence where name = 'dids';

-- The indexes and triggers go with it; dropping a table fires none of them.
drop table dids;
alter table new_dids rename to dids;

create index dids_by_number on dids (account_id, number);
create index dids_by_alias on dids (account_id, alias_key, number);
-- With the rest of the routing in it, counting the pairs of an account never touches the table.
create index dids_by_primary on dids (account_id, primary_route, number, failover_route, failover_plan,
                                      primary_weight, failover_weight);
-- With the plan in it, those without a failover are found here.
create index dids_by_failover on dids (account_id, failover_route, number, failover_plan);
-- Most DIDs have no plan; a bulk write of such leaves this index alone.
create index dids_by_failover_plan on dids (account_id, failover_plan, number) where failover_plan is not null;
create index dids_by_calling_code on dids (account_id, calling_code, number);
create index dids_by_change on dids (account_id, changed_at, number);

create trigger dids_search_insert after insert on dids begin
    insert into did_search (rowid, digits, alias) values (new.id, new.number, coalesce(new.alias_key, ''));
end;

create trigger dids_search_delete after delete on dids begin
    delete from did_search where rowid = old.id;
end;

create trigger dids_search_update after update of number, alias_key on dids
when old.number <> new.number or old.alias_key is not new.alias_key begin
    delete from did_search where rowid = old.id;
    insert into did_search (rowid, digits, alias) values (new.id, new.number, coalesce(new.alias_key, ''));
end;

-- Built anew for what changes can be made to.
create table new_changes (
    account_id   integer not null,
    version      integer not null,
    seq          integer not null,
    subject_kind text    not null
                 check (subject_kind in ('account', 'route', 'did', 'plan', 'schedule', 'case', 'finding')),
    subject_id   integer not null, -- the account's or the thing's id, the digits of the number
    label        text    not null,
    before       text,
    after        text,
    primary key (account_id, version, seq)
) strict, without rowid;

insert into new_changes (account_id, version, seq, subject_kind, subject_id, label, before, after)
select account_id, version, seq, subject_kind, subject_id, label, before, after
from changes order by account_id, version, seq;

drop table changes;
alter table new_changes rename to changes;

create index changes_by_subject on changes (account_id, subject_kind, subject_id, version);

-- Calls with what they are expected to do.
create table cases (
    account_id integer not null references accounts (id),
    id         integer not null check (id > 0),
    name       text    not null,
    name_key   text    not null, -- the name folded to lower case
    body       text    not null, -- JSON
    created_at integer not null,
    version    integer not null,
    primary key (account_id, id),
    constraint cases_name_taken unique (account_id, name_key)
) strict, without rowid;

-- Findings that are meant to be so.
create table accepted_findings (
    account_id integer not null references accounts (id),
    key        text    not null, -- what was found, and where
    kind       text    not null,
    by_whom    text    not null,
    reason     text    not null,
    at         integer not null,
    until      integer, -- no end: null
    version    integer not null,
    primary key (account_id, key)
) strict, without rowid;
