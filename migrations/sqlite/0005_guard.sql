-- What guards against toll fraud, what support writes to customers, and a history of the installation itself.

-- Where routes to phone numbers may ring, beside the account's own country.
create table destinations (
    account_id integer not null references accounts (id),
    code       integer not null check (code >= 0), -- the digits that numbers there begin with; 0: premium rate
    primary key (account_id, code)
) strict, without rowid;

-- What the staff tells a customer.
create table notes (
    id         integer primary key autoincrement,
    account_id integer not null references accounts (id),
    number     integer, -- the DID that it is about; none: the whole account
    text       text    not null,
    by_whom    text    not null,
    at         integer not null
) strict;

create index notes_by_account on notes (account_id, number, id);

-- The installation has a history of its own, chained and insert-only like any other, under an account that is nobody's.
insert into accounts (id, name, country, version, defaults, sample, next_route_id, created_at)
values (0, 'This installation', 'US', -1, '{}', 0, 1, cast(unixepoch('subsec') * 1000 as integer));

-- Built anew for what changes can be made to; so are its triggers.
create table new_changes (
    account_id   integer not null,
    version      integer not null,
    seq          integer not null,
    subject_kind text    not null
                 check (subject_kind in ('account', 'route', 'did', 'plan', 'schedule', 'case', 'finding', 'person',
                                         'destination', 'note', 'user')),
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

create trigger changes_are_not_updated before update on changes begin
    select raise(abort, 'changes is insert-only: what was done stays as it was written');
end;

create trigger changes_are_not_deleted before delete on changes begin
    select raise(abort, 'changes is insert-only: what was done stays as it was written');
end;

create trigger changes_are_complete before insert on changes
when exists (select 1 from operations where account_id = new.account_id and version = new.version) begin
    select raise(abort, 'changes is insert-only: the operation of these rows is complete');
end;
