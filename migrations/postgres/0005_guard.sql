-- What guards against toll fraud, what support writes to customers, and a history of the installation itself.

-- Where routes to phone numbers may ring, beside the account's own country.
create table destinations (
    account_id bigint not null references accounts (id),
    code       bigint not null check (code >= 0), -- the digits that numbers there begin with; 0: premium rate
    primary key (account_id, code)
);

-- What the staff tells a customer.
create table notes (
    id         bigint generated always as identity primary key,
    account_id bigint not null references accounts (id),
    number     bigint, -- the DID that it is about; none: the whole account
    text       text   not null,
    by_whom    text   not null,
    at         bigint not null
);

create index notes_by_account on notes (account_id, number, id);

-- The installation has a history of its own, chained and insert-only like any other, under an account that is nobody's.
insert into accounts (id, name, country, version, defaults, sample, next_route_id, created_at)
values (0, 'This installation', 'US', -1, '{}', false, 1, cast(extract(epoch from now()) * 1000 as bigint));

alter table changes
    drop constraint changes_subject_kind_check,
    add constraint changes_subject_kind_check
        check (subject_kind in ('account', 'route', 'did', 'plan', 'schedule', 'case', 'finding', 'person',
                                'destination', 'note', 'user'));
