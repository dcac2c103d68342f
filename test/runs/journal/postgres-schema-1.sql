-- A journal as the first schema made it, with a run in it.
create schema old;
create table old.journal_version (
  version integer primary key, migrated_at timestamptz not null default now()
);
insert into old.journal_version (version) values (1);
create table old.run (
  key bigint generated always as identity primary key,
  id text not null unique,
  scope text not null,
  state text not null,
  options text not null,
  settings text not null,
  inputs bigint not null default 0,
  images bigint not null default 0,
  files bigint not null default 0,
  chunks integer not null default 0,
  chunk_inputs bigint not null default 0,
  rounds integer not null default 0,
  digest text,
  error text,
  created_ms bigint not null,
  changed_ms bigint not null
);
create table old.chunk (
  run bigint not null references old.run (key) on delete cascade,
  number integer not null,
  kind text not null,
  size integer not null,
  first bigint not null,
  last bigint not null,
  round integer not null,
  digest text not null,
  state text not null,
  due_ms bigint,
  fence bigint not null default 0,
  worker text,
  lease_until_ms bigint,
  attempt integer not null default 0,
  intent_ms bigint,
  decision text,
  polls integer not null default 0,
  succeeded integer not null default 0,
  partial integer not null default 0,
  failed integer not null default 0,
  missing integer not null default 0,
  not_submitted integer not null default 0,
  retried integer not null default 0,
  memo text not null default '{}',
  error text,
  primary key (run, number)
);
create index chunk_due on old.chunk (run, state, due_ms, number);
create index chunk_worker on old.chunk (worker) where worker is not null;
create index chunk_under_way on old.chunk (run)
  where (state in ('submitting', 'unknown', 'running', 'collecting')
    or (state = 'planned' and attempt > 0));
create table old.block (
  run bigint not null,
  number integer not null,
  inputs bytea not null,
  primary key (run, number),
  foreign key (run, number) references old.chunk (run, number) on delete cascade
);
create table old.outcome (
  run bigint not null,
  number integer not null,
  statuses bytea,
  manifest text,
  primary key (run, number),
  foreign key (run, number) references old.chunk (run, number) on delete cascade
);
create table old.attempt (
  run bigint not null,
  number integer not null,
  attempt integer not null,
  prefix text not null,
  fingerprint text not null,
  intent_ms bigint not null,
  size integer not null,
  worker text not null,
  fence bigint not null,
  outcome text,
  settled_ms bigint,
  operation text,
  error text,
  primary key (run, number, attempt),
  foreign key (run, number) references old.chunk (run, number) on delete cascade
);
create table old.ended (
  run bigint not null,
  state text not null,
  chunks bigint not null,
  inputs bigint not null,
  tried bigint not null,
  polls bigint not null,
  pages bigint not null,
  succeeded bigint not null,
  partial bigint not null,
  failed bigint not null,
  missing bigint not null,
  not_submitted bigint not null,
  retried bigint not null,
  primary key (run, state)
);
create table old.ended_attempt (
  run bigint not null,
  outcome text not null,
  attempts bigint not null,
  inputs bigint not null,
  files bigint not null,
  primary key (run, outcome)
);
create table old.event (
  id bigint generated always as identity primary key,
  run bigint not null,
  chunk integer,
  at_ms bigint not null,
  worker text,
  fence bigint,
  attempt integer,
  type text not null,
  data text
);
create index event_run on old.event (run, id);
create index event_chunk on old.event (run, chunk, id);
create table old.flow (
  scope text primary key,
  rate double precision not null,
  not_before_ms double precision not null,
  next_ms double precision not null
);
create table old.writer (
  id text primary key,
  last bigint not null,
  at timestamptz not null default now()
);
insert into old.run (id, scope, state, options, settings, inputs, images, chunks, chunk_inputs, digest, created_ms, changed_ms)
values ('scans', 'project', 'running', '{"output":"gs://out/"}', '{}', 30, 30, 3, 30, 'd', 1000, 2000);
insert into old.chunk (run, number, kind, size, first, last, round, digest, state, due_ms, fence, attempt, intent_ms, polls, memo)
values (1, 0, 'image', 10, 0, 9, 0, 'd0', 'running', 5000, 3, 1, 3000, 2, '{"pollFailures":1}');
insert into old.chunk (run, number, kind, size, first, last, round, digest, state, due_ms)
values (1, 1, 'image', 10, 10, 19, 0, 'd1', 'planned', 2000);
insert into old.chunk (run, number, kind, size, first, last, round, digest, state, fence, attempt, intent_ms, succeeded)
values (1, 2, 'image', 10, 20, 29, 0, 'd2', 'done', 4, 1, 3000, 10);
insert into old.block (run, number, inputs) values (1, 0, '\x00'), (1, 1, '\x01'), (1, 2, '\x02');
insert into old.outcome (run, number, manifest) values (1, 2, '{"shards":1}');
insert into old.attempt (run, number, attempt, prefix, fingerprint, intent_ms, size, worker, fence, outcome, settled_ms, operation)
values (1, 0, 1, 'gs://out/scans/000000/1/', 'f', 3000, 10, 'w', 2, 'accepted', 3500,
  '{"type":"vision-batch/operation","version":1,"name":"operations/1","host":"localhost"}');
insert into old.ended (run, state, chunks, inputs, tried, polls, pages, succeeded, partial, failed, missing, not_submitted, retried)
values (1, 'done', 1, 10, 1, 0, 0, 10, 0, 0, 0, 0, 0);
insert into old.event (run, chunk, at_ms, worker, fence, attempt, type) values (1, 0, 3500, 'w', 2, 1, 'submitted');
insert into old.flow (scope, rate, not_before_ms, next_ms) values ('project', 0.5, 0, 0);
