-- A journal as schema 1 wrote it: a run with a chunk that was submitted and one that was not.
pragma application_id = 0x5642726a;
pragma user_version = 1;
create table run (
  key integer primary key autoincrement,
  id text not null unique,
  scope text not null,
  state text not null,
  options text not null,
  settings text not null,
  inputs integer not null default 0,
  images integer not null default 0,
  files integer not null default 0,
  chunks integer not null default 0,
  chunk_inputs integer not null default 0,
  rounds integer not null default 0,
  digest text,
  error text,
  created_ms integer not null,
  changed_ms integer not null
) strict;
create table chunk (
  run integer not null references run (key) on delete cascade,
  number integer not null,
  kind text not null,
  size integer not null,
  first integer not null,
  last integer not null,
  round integer not null,
  digest text not null,
  state text not null,
  due_ms integer,
  fence integer not null default 0,
  worker text,
  lease_until_ms integer,
  attempt integer not null default 0,
  intent_ms integer,
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
) strict, without rowid;
create index chunk_due on chunk (run, state, due_ms);
create index chunk_worker on chunk (worker) where worker is not null;
create index chunk_under_way on chunk (run)
  where (state in ('submitting', 'unknown', 'running', 'collecting')
    or (state = 'planned' and attempt > 0));
create table block (
  run integer not null,
  number integer not null,
  inputs blob not null,
  primary key (run, number),
  foreign key (run, number) references chunk (run, number) on delete cascade
) strict;
create table outcome (
  run integer not null,
  number integer not null,
  statuses blob,
  manifest text,
  primary key (run, number),
  foreign key (run, number) references chunk (run, number) on delete cascade
) strict;
create table attempt (
  run integer not null,
  number integer not null,
  attempt integer not null,
  prefix text not null,
  fingerprint text not null,
  intent_ms integer not null,
  size integer not null,
  worker text not null,
  fence integer not null,
  outcome text,
  settled_ms integer,
  operation text,
  error text,
  primary key (run, number, attempt),
  foreign key (run, number) references chunk (run, number) on delete cascade
) strict, without rowid;
create table ended (
  run integer not null references run (key) on delete cascade,
  state text not null,
  chunks integer not null,
  inputs integer not null,
  tried integer not null,
  polls integer not null,
  pages integer not null,
  succeeded integer not null,
  partial integer not null,
  failed integer not null,
  missing integer not null,
  not_submitted integer not null,
  retried integer not null,
  primary key (run, state)
) strict, without rowid;
create table ended_attempt (
  run integer not null references run (key) on delete cascade,
  outcome text not null,
  attempts integer not null,
  inputs integer not null,
  files integer not null,
  primary key (run, outcome)
) strict, without rowid;
create table event (
  id integer primary key autoincrement,
  run integer not null references run (key) on delete cascade,
  chunk integer,
  at_ms integer not null,
  worker text,
  fence integer,
  attempt integer,
  type text not null,
  data text
) strict;
create index event_run on event (run);
create index event_chunk on event (run, chunk);
create table flow (
  scope text primary key,
  rate real not null,
  not_before_ms real not null,
  next_ms real not null
) strict, without rowid;

insert into run (key, id, scope, state, options, settings, inputs, images, chunks, chunk_inputs, digest, created_ms, changed_ms)
values (1, 'scans', 'project', 'running', '{"output":"gs://out/"}', '{}', 20, 20, 2, 20, 'd', 1750000000000, 1750000000000);
insert into chunk (run, number, kind, size, first, last, round, digest, state, due_ms, fence, attempt, intent_ms, memo)
values (1, 0, 'image', 10, 0, 9, 0, 'a', 'running', 1750000005000, 1, 1, 1750000001000, '{"pollFailures":1}'),
  (1, 1, 'image', 10, 10, 19, 0, 'b', 'planned', 1750000000000, 0, 0, null, '{}');
insert into block (run, number, inputs) values (1, 0, x'00'), (1, 1, x'01');
insert into attempt (run, number, attempt, prefix, fingerprint, intent_ms, size, worker, fence, outcome, settled_ms, operation)
values (1, 0, 1, 'gs://out/scans/000000/1/', 'f', 1750000001000, 10, 'w', 1, 'accepted', 1750000002000,
  '{"type":"vision-batch/operation","version":1,"name":"operations/1","host":"localhost"}');
insert into event (run, at_ms, type) values (1, 1750000000000, 'created');
insert into flow (scope, rate, not_before_ms, next_ms) values ('project', 0.5, 1750000003000, 0);
