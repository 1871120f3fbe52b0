-- Whoever unlinked a provider, or lost the link by a recovery, links it again themselves: an address that the provider
-- vouches for is not enough any more.

create table oidc_unlinked (
    user_id bigint not null references users (id) on delete cascade,
    issuer  text collate "C" not null,
    primary key (user_id, issuer)
);
