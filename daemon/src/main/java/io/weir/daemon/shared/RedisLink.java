package io.weir.daemon.shared;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One connection to Redis, and what it is asked; nothing here waits. */
final class RedisLink implements AutoCloseable {
  private final StatefulRedisConnection<String, String> connection;
  private final RedisAsyncCommands<String, String> redis;
  private final String prefix;
  private final Map<RedisScript, String> digests = new EnumMap<>(RedisScript.class);

  /**
   * A connection that was just made.
   *
   * @param prefix of all keys
   */
  RedisLink(StatefulRedisConnection<String, String> connection, String prefix) {
    this.connection = connection;
    this.prefix = prefix;
    redis = connection.async();
    for (RedisScript script : RedisScript.values()) {
      digests.put(script, redis.digest(script.text()));
    }
  }

  /**
   * What all balancers know.
   *
   * @param secret in case that there is none yet
   * @param micros the time of Redis
   */
  record Hello(String secret, long micros) {}

  /** The first thing to ask. */
  CompletableFuture<Hello> hello(String secret) {
    CompletableFuture<?>[] loaded = new CompletableFuture<?>[RedisScript.values().length];
    for (RedisScript script : RedisScript.values()) {
      loaded[script.ordinal()] = redis.scriptLoad(script.text()).toCompletableFuture();
    }
    return CompletableFuture.allOf(loaded)
        .thenCompose(all -> run(RedisScript.HELLO, List.of("secret"), List.of(secret)))
        .thenApply(answer -> new Hello((String) answer.get(0), (Long) answer.get(1)));
  }

  /** The secret that all balancers know; null if it is gone, and everything else with it. */
  CompletableFuture<String> secret() {
    return redis.get(prefix + "secret").toCompletableFuture();
  }

  /** Adds to debts; the time of Redis and the debt of each key, in microseconds. */
  CompletableFuture<List<Long>> owe(List<String> keys, List<String> arguments) {
    return run(RedisScript.OWE, keys, arguments)
        .thenApply(answer -> answer.stream().map(Long.class::cast).toList());
  }

  private CompletableFuture<List<Object>> run(
      RedisScript script, List<String> keys, List<String> arguments) {
    String[] names = new String[keys.size()];
    for (int i = 0; i < names.length; i++) {
      names[i] = prefix + keys.get(i);
    }
    return redis
        .<List<Object>>evalsha(
            String.valueOf(digests.get(script)),
            ScriptOutputType.MULTI,
            names,
            arguments.toArray(String[]::new))
        .toCompletableFuture();
  }

  /** Returns at once; what is under way fails. */
  @Override
  public void close() {
    var _ = connection.closeAsync();
  }
}
