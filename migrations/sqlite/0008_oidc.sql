-- Who is who at an OIDC provider: the pair of issuer and subject names a person there, and nothing else does.

create table oidc_identities (
    issuer    text    not null,
    subject   text    not null,
    user_id   integer not null references users (id) on delete cascade,
    email     text, -- as the provider said it when they were linked: to know the account by, never to find a person
    linked_at integer not null,
    primary key (issuer, subject),
    constraint oidc_identities_one_each unique (user_id, issuer)
) strict, without rowid;
