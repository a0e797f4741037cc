package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;

import io.weir.core.config.PoolConfig;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What a class of stories extends whose backends speak HTTP/2. */
abstract class Http2BackendStories extends Stories {
  static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  Http2Backend http2(Http2Backend.Script... scripts) {
    return keeps(Http2Backend.playing(scripts));
  }

  static PoolConfig pool(InetSocketAddress... addresses) {
    return Http2Pools.h2c(null, addresses);
  }

  static ProxySetup to(Http2Backend... backends) {
    InetSocketAddress[] addresses =
        List.of(backends).stream().map(Http2Backend::address).toArray(InetSocketAddress[]::new);
    return proxy().pool(ProxySetup.APP, pool(addresses)).route("", "", ProxySetup.APP);
  }

  static Http2Backend.Script saysHello() {
    return answers((on, request) -> on.answers(request.stream(), 200, "hello"));
  }

  /** What one of many clients does. */
  interface Story {
    void of(int client) throws Exception;
  }

  static void everyClient(int count, Story story) throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int client = i;
        all.add(
            clients.submit(() -> {
              story.of(client);
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get(20, TimeUnit.SECONDS);
      }
    }
  }
}
