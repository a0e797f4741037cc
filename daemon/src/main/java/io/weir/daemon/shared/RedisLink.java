package io.weir.daemon.shared;

import io.lettuce.core.KeyValue;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One connection to Redis, and what it is asked; nothing here waits. */
final class RedisLink implements AutoCloseable {
  /** Where to begin to read bans. */
  static final String FIRST_PAGE = "0";

  private static final String BANS = "bans";
  private static final String CHANGES_KEPT = "16384"; // a balancer reads them four times a second
  private static final int PAGE = 1000;

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
   * @param lastBan the last change of a ban
   */
  record Hello(String secret, long micros, String lastBan) {}

  /**
   * Some of the bans.
   *
   * @param next where to read on
   */
  record BanPage(List<String> values, String next) {
    boolean isLast() {
      return next.equals(FIRST_PAGE);
    }
  }

  /**
   * Changes of bans, in their order.
   *
   * @param last the place of the last one in the order of all of them
   * @param isFull whether there may be more
   * @param hasGap whether changes before these are gone, so that nobody can read them any more
   */
  record BanNews(List<String> values, String last, boolean isFull, boolean hasGap) {}

  /** The first thing to ask. */
  CompletableFuture<Hello> hello(String secret) {
    CompletableFuture<?>[] loaded = new CompletableFuture<?>[RedisScript.values().length];
    for (RedisScript script : RedisScript.values()) {
      loaded[script.ordinal()] = redis.scriptLoad(script.text()).toCompletableFuture();
    }
    return CompletableFuture.allOf(loaded)
        .thenCompose(all -> run(RedisScript.HELLO, List.of("secret", BANS), List.of(secret)))
        .thenApply(answer ->
            new Hello((String) answer.get(0), (Long) answer.get(1), (String) answer.get(2)));
  }

  /** The secret that all balancers know; empty if it is gone, and everything else with it. */
  CompletableFuture<String> secret() {
    return redis
        .get(prefix + "secret")
        .toCompletableFuture()
        .thenApply(words -> words == null ? "" : words);
  }

  /** Adds to debts; the time of Redis and the debt of each key, in microseconds. */
  CompletableFuture<List<Long>> owe(List<String> keys, List<String> arguments) {
    return run(RedisScript.OWE, keys, arguments)
        .thenApply(answer -> answer.stream().map(Long.class::cast).toList());
  }

  /** A ban began or was ended. */
  CompletableFuture<?> tell(BanExchange.Change change, long epochMillis) {
    return run(
        RedisScript.BAN,
        List.of(change.key(), BANS),
        List.of(change.value(), Long.toString(change.millis(epochMillis)), CHANGES_KEPT));
  }

  /** These held before; what Redis knows of them is newer. */
  CompletableFuture<?> offer(List<BanExchange.Change> bans, long epochMillis) {
    List<String> keys = new ArrayList<>(List.of(BANS));
    List<String> arguments = new ArrayList<>(List.of(CHANGES_KEPT));
    for (BanExchange.Change ban : bans) {
      keys.add(ban.key());
      arguments.add(ban.value());
      arguments.add(Long.toString(ban.millis(epochMillis)));
    }
    return run(RedisScript.OFFER, keys, arguments);
  }

  /** Some of all bans; those that are changed meanwhile are also in {@link #bansSince}. */
  CompletableFuture<BanPage> bans(String cursor) {
    ScanArgs which = ScanArgs.Builder.matches(prefix + "ban:*").limit(PAGE);
    return redis
        .scan(ScanCursor.of(cursor), which)
        .toCompletableFuture()
        .thenCompose(found -> {
          String next = found.isFinished() ? FIRST_PAGE : found.getCursor();
          if (found.getKeys().isEmpty()) {
            return CompletableFuture.completedFuture(new BanPage(List.of(), next));
          }
          return redis
              .mget(found.getKeys().toArray(String[]::new))
              .toCompletableFuture()
              .thenApply(values -> new BanPage(present(values), next));
        });
  }

  private static List<String> present(List<KeyValue<String, String>> values) {
    return values.stream().filter(KeyValue::hasValue).map(KeyValue::getValue).toList();
  }

  /** The next changes of bans, behind one that was read. */
  @SuppressWarnings("unchecked") // an array of one
  CompletableFuture<BanNews> bansSince(String id) {
    // That one is read again: if it is gone, so may be others behind it.
    String before = StreamIds.before(id);
    return redis
        .xread(XReadArgs.Builder.count(PAGE), XReadArgs.StreamOffset.from(prefix + BANS, before))
        .toCompletableFuture()
        .thenApply(messages -> news(messages, id));
  }

  private static BanNews news(List<StreamMessage<String, String>> messages, String after) {
    boolean hasGap = messages.isEmpty() || !messages.getFirst().getId().equals(after);
    List<String> values =
        messages.stream()
            .skip(hasGap ? 0 : 1)
            .map(message -> message.getBody().getOrDefault("ban", ""))
            .toList();
    String last = messages.isEmpty() ? after : messages.getLast().getId();
    return new BanNews(values, last, messages.size() >= PAGE, hasGap);
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
