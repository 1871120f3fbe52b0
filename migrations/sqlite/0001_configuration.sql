-- The configuration of accounts. Times are Unix milliseconds. The account comes first in every index.

create table accounts (
    id            integer primary key,
    name          text    not null,
    country       text    not null,
    version       integer not null,
    defaults      text    not null, -- JSON of the clocks and the trigger
    sample        integer not null check (sample in (0, 1)),
    next_route_id integer not null,
    created_at    integer not null
) strict;

-- Our points of presence: data, not code. The ids are Flowroute's.
create table edges (
    id   integer primary key,
    name text not null,
    host text not null
) strict;

insert into edges (id, name, host) values
    (2, 'US-West-OR', 'us-west-or.sip.flowroute.com'),
    (4, 'US-East-VA', 'us-east-va.sip.flowroute.com');

-- Row 0 of each account anchors the built-in route to registered devices, so that foreign keys hold for it
-- too and its alias is taken. It is never read as a route.
create table routes (
    account_id   integer not null references accounts (id),
    id           integer not null check (id >= 0),
    alias        text    not null,
    alias_key    text    not null, -- the alias folded to lower case
    kind         text    not null check (kind in ('registered', 'host', 'phone', 'uri')),
    value        text    not null,
    edge_id      integer references edges (id),
    carrier      text,
    site         text,
    region       text,
    answerer     text    not null,
    health       text    not null,
    health_since integer,
    version      integer not null,
    primary key (account_id, id),
    constraint routes_alias_taken unique (account_id, alias_key),
    check ((id = 0) = (kind = 'registered'))
) strict, without rowid;

create table dids (
    id             integer primary key autoincrement, -- an id is never given twice
    account_id     integer not null references accounts (id),
    number         integer not null unique, -- the digits of E.164
    calling_code   integer not null,
    alias          text,
    alias_key      text, -- the alias folded to lower case
    primary_route  integer not null,
    failover_route integer,
    changed_at     integer not null,
    version        integer not null,
    check ((alias is null) = (alias_key is null)),
    foreign key (account_id, primary_route) references routes (account_id, id),
    foreign key (account_id, failover_route) references routes (account_id, id)
) strict;

create index dids_by_number on dids (account_id, number);
create index dids_by_alias on dids (account_id, alias_key, number);
-- With the failover in it, counting the pairs of an account never touches the table.
create index dids_by_primary on dids (account_id, primary_route, number, failover_route);
create index dids_by_failover on dids (account_id, failover_route, number);
create index dids_by_calling_code on dids (account_id, calling_code, number);
create index dids_by_change on dids (account_id, changed_at, number);

-- Substring search. Kept in step by triggers, so that no writer can forget it.
create virtual table did_search using fts5 (
    digits, alias, content = '', contentless_delete = 1, tokenize = 'trigram'
);

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

-- One row for each version of an account: who did what.
create table operations (
    account_id integer not null references accounts (id),
    version    integer not null,
    at         integer not null,
    actor      text    not null,
    via        text    not null,
    kind       text    not null,
    reason     text,
    changed    integer not null,
    refused    integer not null,
    details    text    not null, -- JSON
    primary key (account_id, version)
) strict, without rowid;

-- What an operation did to each thing, with before and after as JSON.
create table changes (
    account_id   integer not null,
    version      integer not null,
    seq          integer not null,
    subject_kind text    not null check (subject_kind in ('account', 'route', 'did')),
    subject_id   integer not null, -- the account's id, the route's id, the digits of the number
    label        text    not null,
    before       text,
    after        text,
    primary key (account_id, version, seq)
) strict, without rowid;

create index changes_by_subject on changes (account_id, subject_kind, subject_id, version);

-- Uploaded files that wait for confirmation.
create table import_drafts (
    account_id integer not null references accounts (id),
    id         text    not null,
    name       text    not null,
    bytes      blob    not null,
    as_of      integer not null,
    created_at integer not null,
    primary key (account_id, id)
) strict;
