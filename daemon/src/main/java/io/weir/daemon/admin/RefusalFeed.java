package io.weir.daemon.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.daemon.explain.ExplainJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who follow of refusals as they come, as server-sent events. On the control loop. */
final class RefusalFeed {
  /*
   * Workers tell nobody: four times a second, while anybody follows, they are asked what they have
   * refused since the last time. So a flood costs them the same whether one follows or ten, and
   * nothing where nobody does. What came too fast, and what a slow reader had no room for, is
   * counted, and the count is told.
   *
   * When the last one has left, what the workers refused since is asked for as soon as somebody comes:
   * a browser whose connection broke is back in seconds, and goes on where it was (ToldEvents).
   */
  private static final Logger LOG = LoggerFactory.getLogger(RefusalFeed.class);

  static final int MOST_FOLLOWERS = 16;

  private static final long ASK_MILLIS = 250;

  /** What each worker tells at once of requests, and of connections. */
  private static final int MOST_AT_ONCE = 100;

  /** The same after nobody has followed for a while: all that they remember. */
  private static final int MOST_AFTER_A_WHILE = 1000;

  /** Of silence, after which a comment shows that both ends are alive: 15 s. */
  private static final int SILENT_ROUNDS = 60;

  private static final JsonFactory JSON = new JsonFactory();

  private final Operations operations;
  private final EventLoop loop;
  private final List<Follower> followers = new ArrayList<>();
  private final ToldEvents told;
  private List<RefusedSince.Mark> marks = List.of();
  private boolean asking;
  private @Nullable ScheduledFuture<?> rounds;

  RefusalFeed(Operations operations, EventLoop loop, long startMillis) {
    this.operations = operations;
    this.loop = loop;
    told = new ToldEvents(startMillis);
  }

  /** One who follows. */
  private static final class Follower {
    final Channel channel;
    final @Nullable String lastId; // that he knows already
    boolean begun;
    long dropped;
    int silence; // rounds without a word

    Follower(Channel channel, @Nullable String lastId) {
      this.channel = channel;
      this.lastId = lastId;
    }
  }

  /** Whether another one may follow. */
  boolean hasRoom() {
    return followers.size() < MOST_FOLLOWERS && !operations.draining();
  }

  /**
   * Answers the channel's request with all refusals from now on, until it is closed.
   *
   * @param lastId from the one after this on; null: from now on
   */
  void follow(Channel channel, @Nullable String lastId) {
    Follower follower = new Follower(channel, lastId);
    followers.add(follower);
    channel.closeFuture().addListener(closed -> followers.remove(follower));
    int most = rounds == null ? MOST_AFTER_A_WHILE : MOST_AT_ONCE;
    if (rounds == null) {
      rounds =
          loop.scheduleWithFixedDelay(this::round, ASK_MILLIS, ASK_MILLIS, TimeUnit.MILLISECONDS);
    }
    ask(most);
  }

  private void round() {
    if (operations.draining()) {
      List.copyOf(followers).forEach(RefusalFeed::end);
      followers.clear();
    }
    if (followers.isEmpty()) {
      stop();
    } else {
      ask(MOST_AT_ONCE);
    }
  }

  private void stop() {
    if (rounds != null) {
      rounds.cancel(false);
    }
    rounds = null;
  }

  private void ask(int most) {
    if (asking) {
      return;
    }
    asking = true;
    operations
        .refusedSince(marks, most)
        .whenCompleteAsync(
            (since, failure) -> {
              asking = false;
              if (since != null) {
                tell(since);
              } else {
                LOG.warn("nobody could tell of refusals", failure);
              }
            },
            loop);
  }

  private void tell(RefusedSince since) {
    marks = since.marks();
    String news = events(since);
    for (Follower follower : List.copyOf(followers)) { // one that fails leaves them
      if (follower.begun) {
        tell(follower, since, news);
      } else {
        begin(follower);
      }
    }
  }

  private void begin(Follower follower) {
    follower.begun = true;
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff")
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    follower.channel.write(head);
    say(follower, ": refusals from now on\n\n" + told.since(follower.lastId));
  }

  private static void tell(Follower follower, RefusedSince since, String news) {
    if (!follower.channel.isWritable()) {
      follower.dropped += since.refused().size() + since.missed();
      return;
    }
    if (follower.dropped > 0) {
      news = ToldEvents.dropped(follower.dropped) + news;
      follower.dropped = 0;
    }
    if (!news.isEmpty()) {
      say(follower, news);
    } else if (++follower.silence >= SILENT_ROUNDS) {
      say(follower, ":\n\n");
    }
  }

  private static void say(Follower follower, String text) {
    follower.silence = 0;
    ByteBuf bytes = ByteBufUtil.writeUtf8(follower.channel.alloc(), text);
    follower.channel.writeAndFlush(new DefaultHttpContent(bytes));
  }

  private static void end(Follower follower) {
    if (follower.begun) {
      say(follower, "event: end\ndata: {}\n\n");
    }
    follower
        .channel
        .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(ChannelFutureListener.CLOSE);
  }

  private String events(RefusedSince since) {
    StringBuilder text = new StringBuilder();
    if (since.missed() > 0) {
      text.append(told.add("dropped", ToldEvents.count(since.missed())));
    }
    for (Refused refused : since.refused()) {
      StringWriter data = new StringWriter();
      try (JsonGenerator json = JSON.createGenerator(data)) {
        json.writeStartObject();
        ExplainJson.write(refused, json);
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException("memory does not fail", e);
      }
      text.append(told.add("refusal", data.toString()));
    }
    return text.toString();
  }
}
