-- What somebody chose by a filter, and what takes longer than a page.

create table selections (
    account_id integer not null references accounts (id),
    id         text    not null,
    filter     text    not null, -- as JSON
    dids       integer not null, -- how many matched
    as_of      integer not null, -- at which version of the account
    made_by    text    not null,
    created_at integer not null,
    primary key (account_id, id)
) strict, without rowid;

create table jobs (
    account_id integer not null references accounts (id),
    id         text    not null,
    kind       text    not null, -- as in operations
    made_by    text    not null,
    form       text    not null, -- the address of the form that began it, with what it said
    created_at integer not null,
    beat_at    integer, -- when the server that runs it last said so; never on SQLite, which has one server
    stop       integer not null default 0 check (stop in (0, 1)), -- somebody on another server cancels it
    state      text    not null check (state in ('running', 'done', 'unchanged', 'cancelled', 'stopped')),
    version    integer, -- that it made
    primary key (account_id, id),
    check ((state = 'done') = (version is not null))
) strict, without rowid;

create unique index one_job_runs on jobs (account_id) where state = 'running';
