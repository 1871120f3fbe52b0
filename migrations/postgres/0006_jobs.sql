-- What somebody chose by a filter, and what takes longer than a page.

create table selections (
    account_id bigint not null references accounts (id),
    id         text   collate "C" not null,
    filter     text   not null, -- as JSON
    dids       bigint not null, -- how many matched
    as_of      bigint not null, -- at which version of the account
    made_by    text   collate "C" not null,
    created_at bigint not null,
    primary key (account_id, id)
);

create table jobs (
    account_id bigint  not null references accounts (id),
    id         text    collate "C" not null,
    kind       text    collate "C" not null, -- as in operations
    made_by    text    collate "C" not null,
    form       text    not null, -- the address of the form that began it, with what it said
    created_at bigint  not null,
    beat_at    bigint, -- when the server that runs it last said so; never on SQLite, which has one server
    stop       boolean not null default false, -- somebody on another server cancels it
    state      text    collate "C" not null
               check (state in ('running', 'done', 'unchanged', 'cancelled', 'stopped')),
    version    bigint, -- that it made
    primary key (account_id, id),
    check ((state = 'done') = (version is not null))
);

create unique index one_job_runs on jobs (account_id) where state = 'running';
