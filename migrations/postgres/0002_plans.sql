-- Failover plans, the schedules that their steps go by, weights, saved cases, and findings that somebody accepted.

-- Ids of things never come back, so each account counts its own.
alter table accounts
    add column next_plan_id     bigint not null default 1,
    add column next_schedule_id bigint not null default 1,
    add column next_case_id     bigint not null default 1;

create table schedules (
    account_id bigint not null references accounts (id),
    id         bigint not null check (id > 0),
    name       text   not null,
    name_key   text   collate "C" not null, -- the name folded to lower case
    zone       text   not null, -- as IANA calls it
    weekly     text   not null, -- JSON: the hours of each day, Monday first
    exceptions text   not null, -- JSON: days that go by hours of their own
    version    bigint not null,
    primary key (account_id, id),
    constraint schedules_name_taken unique (account_id, name_key)
);

create table plans (
    account_id bigint not null references accounts (id),
    id         bigint not null check (id > 0),
    name       text   not null,
    name_key   text   collate "C" not null, -- the name folded to lower case
    steps      text   not null, -- JSON
    version    bigint not null,
    primary key (account_id, id),
    constraint plans_name_taken unique (account_id, name_key)
);

-- What the steps of plans name, once more as rows: anchors, so that a route or a schedule in use cannot vanish.
create table plan_routes (
    account_id bigint not null,
    plan_id    bigint not null,
    route_id   bigint not null,
    primary key (account_id, plan_id, route_id),
    foreign key (account_id, plan_id) references plans (account_id, id) on delete cascade,
    foreign key (account_id, route_id) references routes (account_id, id)
);

create index plan_routes_by_route on plan_routes (account_id, route_id, plan_id);

create table plan_schedules (
    account_id  bigint not null,
    plan_id     bigint not null,
    schedule_id bigint not null,
    primary key (account_id, plan_id, schedule_id),
    foreign key (account_id, plan_id) references plans (account_id, id) on delete cascade,
    foreign key (account_id, schedule_id) references schedules (account_id, id)
);

create index plan_schedules_by_schedule on plan_schedules (account_id, schedule_id, plan_id);

alter table dids
    add column failover_plan   bigint,
    add column primary_weight  bigint check (primary_weight between 0 and 1000),
    add column failover_weight bigint check (failover_weight between 0 and 1000),
    add check (failover_route is null or failover_plan is null),
    add check ((primary_weight is null) = (failover_weight is null)),
    add check (primary_weight is null or failover_route is not null),
    add foreign key (account_id, failover_plan) references plans (account_id, id);

-- With the rest of the routing in it, counting the pairs of an account never touches the table.
drop index dids_by_primary;
create index dids_by_primary on dids (account_id, primary_route, number, failover_route, failover_plan,
                                      primary_weight, failover_weight);
-- With the plan in it, those without a failover are found here.
drop index dids_by_failover;
create index dids_by_failover on dids (account_id, failover_route, number, failover_plan);
-- Most DIDs have no plan; a bulk write of such leaves this index alone.
create index dids_by_failover_plan on dids (account_id, failover_plan, number) where failover_plan is not null;

-- The subject's id is the account's or the thing's id, or the digits of the number.
alter table changes
    drop constraint changes_subject_kind_check,
    add constraint changes_subject_kind_check
        check (subject_kind in ('account', 'route', 'did', 'plan', 'schedule', 'case', 'finding'));

-- Calls with what they are expected to do.
create table cases (
    account_id bigint not null references accounts (id),
    id         bigint not null check (id > 0),
    name       text   not null,
    name_key   text   collate "C" not null, -- the name folded to lower case
    body       text   not null, -- JSON
    created_at bigint not null,
    version    bigint not null,
    primary key (account_id, id),
    constraint cases_name_taken unique (account_id, name_key)
);

-- Findings that are meant to be so.
create table accepted_findings (
    account_id bigint not null references accounts (id),
    key        text   collate "C" not null, -- what was found, and where
    kind       text   not null,
    by_whom    text   not null,
    reason     text   not null,
    at         bigint not null,
    until      bigint, -- no end: null
    version    bigint not null,
    primary key (account_id, key)
);
