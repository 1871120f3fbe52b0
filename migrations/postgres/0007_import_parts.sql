-- An uploaded file is kept in parts, as it arrives: nobody ever holds the whole of it.
create table import_draft_parts (
    account_id bigint not null,
    draft_id   text   collate "C" not null,
    part       bigint not null, -- from 0 on
    bytes      bytea  not null,
    primary key (account_id, draft_id, part),
    foreign key (account_id, draft_id) references import_drafts (account_id, id) on delete cascade
);

alter table import_drafts
    alter column as_of drop not null, -- null until all parts are there
    add column parts bigint; -- how many there are; null until then

-- Files that wait: of 32 MiB at most, that is of 128 parts.
insert into import_draft_parts (account_id, draft_id, part, bytes)
select account_id, id, part, substr(bytes, part * 262144 + 1, 262144)
from import_drafts join generate_series(0, 127) as part on part * 262144 < length(bytes);

update import_drafts set parts = (length(bytes) + 262143) / 262144;

alter table import_drafts
    drop column bytes,
    add check ((as_of is null) = (parts is null));
