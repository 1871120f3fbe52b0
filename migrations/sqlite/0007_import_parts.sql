-- An uploaded file is kept in parts, as it arrives: nobody ever holds the whole of it.
alter table import_drafts rename to old_import_drafts;

create table import_drafts (
    account_id integer not null references accounts (id),
    id         text    not null,
    name       text    not null,
    created_at integer not null,
    as_of      integer, -- null until all parts are there
    parts      integer, -- how many there are; null until then
    primary key (account_id, id),
    check ((as_of is null) = (parts is null))
) strict;

create table import_draft_parts (
    account_id integer not null,
    draft_id   text    not null,
    part       integer not null, -- from 0 on
    bytes      blob    not null,
    primary key (account_id, draft_id, part),
    foreign key (account_id, draft_id) references import_drafts (account_id, id) on delete cascade
) strict;

-- Files that wait: of 32 MiB at most, that is of 128 parts.
insert into import_drafts (account_id, id, name, created_at, as_of, parts)
select account_id, id, name, created_at, as_of, (length(bytes) + 262143) / 262144 from old_import_drafts;

insert into import_draft_parts (account_id, draft_id, part, bytes)
with recursive places (part) as (select 0 union all select part + 1 from places where part < 127)
select account_id, id, part, substr(bytes, part * 262144 + 1, 262144)
from old_import_drafts join places on part * 262144 < length(bytes);

drop table old_import_drafts;
