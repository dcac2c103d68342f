import { packageVersion } from "./api-client-header.ts";

/**
 * The options of every channel.
 *
 * - Every automatic retry is off: with them one call can reach a server several times.
 * - While calls are under way, a ping every 2 minutes keeps the connection known to load balancers,
 *   which forget one after 4 minutes (Azure), 350 s (AWS) or 10 minutes (Google Cloud), and finds out
 *   when it is dead. Google's servers take pings from every 30 s on
 *   (https://github.com/googleapis/java-bigtable-hbase/pull/2682); 2 minutes is what its clients of
 *   Spanner use (https://github.com/googleapis/nodejs-spanner/pull/2445).
 * - Without calls there are no pings, which gRPC servers answer with `too_many_pings` when they come
 *   more often than every 2 hours (https://github.com/grpc/grpc/blob/master/doc/keepalive.md).
 *   Instead, a connection without calls is closed after 3 minutes, before a load balancer can drop it
 *   unseen: a submit over a connection that only seems ready would end with the outcome `unknown`.
 * - Answers may be compressed: gRPC offers gzip and deflate by itself. Requests go as they are, since
 *   nothing says that Vision takes others: a server that does not answers UNIMPLEMENTED.
 */
export function grpcChannelOptions(): Readonly<Record<`grpc.${string}`, string | number>> {
  return {
    "grpc.enable_retries": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.keepalive_time_ms": 120_000,
    "grpc.keepalive_timeout_ms": 20_000,
    "grpc.client_idle_timeout_ms": 180_000,
    "grpc.primary_user_agent": `vision-batch/${packageVersion()}`,
  };
}
