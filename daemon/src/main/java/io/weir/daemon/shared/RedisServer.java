package io.weir.daemon.shared;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.weir.daemon.config.RedisAddress;
import io.weir.daemon.config.SharedStateConfig;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The way to a Redis: makes connections, of which each lives until its first failure. */
final class RedisServer implements AutoCloseable {
  /*
   * The client's own reconnecting would hold commands back and send them again later, when they are
   * no longer true. So it is off, and whoever has a connection knows what became of its commands.
   */
  private static final int THREADS = 2; // the client's least
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final ClientResources resources;
  private final RedisClient client;
  private final RedisURI address;
  private final String prefix;

  RedisServer(SharedStateConfig config) {
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    client = RedisClient.create(resources);
    client.setOptions(options(config));
    address = address(config);
    prefix = config.prefix() + ":1:"; // the version of what is behind it
  }

  private static ClientOptions options(SharedStateConfig config) {
    ClientOptions.Builder options =
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(
                SocketOptions.builder().connectTimeout(PATIENCE).keepAlive(true).build());
    String authority = config.authority();
    if (authority != null) {
      byte[] pem = authority.getBytes(StandardCharsets.US_ASCII);
      options.sslOptions(
          SslOptions.builder().trustManager(() -> new ByteArrayInputStream(pem)).build());
    }
    return options.build();
  }

  private static RedisURI address(SharedStateConfig config) {
    RedisAddress redis = config.redis();
    RedisURI.Builder address =
        RedisURI.Builder.redis(redis.server().host(), redis.server().port())
            .withSsl(redis.tls())
            .withDatabase(redis.database())
            .withTimeout(PATIENCE);
    String user = config.user();
    String password = config.password();
    if (password != null && user != null) {
      address.withAuthentication(user, password);
    } else if (password != null) {
      address.withPassword((CharSequence) password);
    }
    return address.build();
  }

  /** A new connection. */
  CompletableFuture<RedisLink> connect() {
    return client
        .connectAsync(StringCodec.UTF8, address)
        .thenApply(connection -> new RedisLink(connection, prefix))
        .toCompletableFuture();
  }

  /** Returns at once; what is under way fails. */
  @Override
  public void close() {
    client
        .shutdownAsync(0, 1, TimeUnit.SECONDS)
        .whenComplete((done, failure) -> resources.shutdown(0, 1, TimeUnit.SECONDS));
  }
}
